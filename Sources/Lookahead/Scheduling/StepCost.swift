/// The cost of a pass as a function of its rows, for one model on one machine.
///
/// Two things are learnt from every pass. The *level*, milliseconds of a pass of one row, adapts quickly
/// to the load of the machine and the growing context. The *shape*, the cost of a pass of T rows as a
/// multiple of a pass of one row, adapts slowly, from passes that ran soon after each other, so a
/// temporary slowdown is not attributed to extra rows. The shape is linear between the numbers of rows
/// that were measured, and beyond them has the slope b of the line 1 + b · (T - 1) fitted to all.
public struct StepCost: Equatable, Sendable {
  /// The mean cost of passes of a number of rows.
  public struct Point: Equatable, Sendable, Codable {
    /// At least 2.
    public let rows: Int
    /// The cost as a multiple of that of one row.
    public var ratio: Double
    /// The number of passes that were measured, at most `StepCost.memory`.
    public var weight: Double

    public init(rows: Int, ratio: Double, weight: Double) {
      self.rows = rows
      self.ratio = ratio
      self.weight = weight
    }
  }

  /// Milliseconds of a pass of one row; nil while nothing was measured.
  public private(set) var level: Double?
  /// The measurements of larger passes, by ascending rows.
  public private(set) var points: [Point] = []
  /// The shape, `[T - 1]`, not decreasing.
  private var shape: [Double] = []
  private var levelSamples = 0

  /// The largest pass that is measured.
  public static let maximumRows = 64
  /// The number of passes in a moving average.
  public static let memory = 20.0
  static let fewPasses = 4.0
  /// b without measurements: the cost of an extra row as a fraction of a pass of one row.
  static let priorSlope = 0.05
  /// The weight of the prior, in passes of 8 rows.
  private static let priorWeight = 0.5
  /// The weight of the fitted line beside a point's passes.
  private static let lineWeight = 0.5

  public init() { updateShape() }

  /// Earlier measurements; each point has the weight of `memory` passes at most.
  /// - Returns: nil if a number is not positive and finite, or rows do not ascend from 2 to
  ///   `maximumRows`.
  public init?(level: Double, points: [Point]) {
    let figures = [level] + points.flatMap { [$0.ratio, $0.weight] }
    let rows = points.map(\.rows)
    guard
      figures.allSatisfy({ $0.isFinite && $0 > 0 && $0 < 1e9 }),
      rows.allSatisfy({ 2...StepCost.maximumRows ~= $0 }),
      zip(rows, rows.dropFirst()).allSatisfy({ $0 < $1 })
    else { return nil }
    self.level = level
    self.points = points.map {
      Point(rows: $0.rows, ratio: $0.ratio, weight: min($0.weight, StepCost.memory))
    }
    levelSamples = 1
    updateShape()
  }

  /// Whether no pass of more than one row was measured.
  var isUnknown: Bool { points.isEmpty || level == nil }

  /// Whether so few passes of more than one row were measured that a busy moment may have spoilt them.
  var isUncertain: Bool { points.reduce(0) { $0 + $1.weight } < StepCost.fewPasses }

  /// The cost of a pass of `rows` rows as a multiple of one of a single row; at least 1.
  public func ratio(rows: Int) -> Double {
    let rows = max(1, rows)
    let last = StepCost.maximumRows
    if rows <= last { return shape[rows - 1] }
    return shape[last - 1] * Double(rows) / Double(last)
  }

  /// Milliseconds of a pass of `rows` rows; nil while nothing was measured.
  public func milliseconds(rows: Int) -> Double? { level.map { $0 * ratio(rows: rows) } }

  /// Adds the measurement of a pass; one of more than `maximumRows` rows is ignored.
  public mutating func observe(rows: Int, milliseconds: Double) {
    guard
      1...StepCost.maximumRows ~= rows, milliseconds > 0, milliseconds.isFinite
    else { return }
    guard let level else {
      level = milliseconds / ratio(rows: rows)
      levelSamples = rows == 1 ? 1 : 0
      return
    }
    // A slow pass may have been interrupted by other processes, so its influence is bounded. A pass
    // faster than estimated shows that the estimate is wrong.
    let surprise = milliseconds / (level * ratio(rows: rows))
    if rows == 1, levelSamples == 0 {
      // The level was estimated from larger passes, and their ratios from the level.
      for index in points.indices { points[index].ratio *= level / milliseconds }
      self.level = milliseconds
      levelSamples = 1
      updateShape()
    } else if rows == 1 {
      levelSamples += 1
      let rate = max(0.25, 1 / Double(levelSamples))
      self.level = level * (1 + rate * (min(surprise, 1.5) - 1))
    } else {
      learnRatio(rows: rows, milliseconds / level)
      // A pass of a well measured size updates the level too.
      if points.contains(where: { $0.rows == rows && $0.weight > 5 }) {
        self.level = level * (1 + 0.1 * (min(max(surprise, 0.8), 1.25) - 1))
      }
    }
  }

  private mutating func learnRatio(rows: Int, _ sample: Double) {
    // T rows cost no more than T passes; what took longer was interrupted.
    let sample = min(sample, Double(rows))
    if let index = points.firstIndex(where: { $0.rows == rows }) {
      var point = points[index]
      point.weight = min(point.weight + 1, StepCost.memory)
      // After a few passes the influence of an outlier is limited.
      let bounded =
        point.weight > 3 ? min(max(sample, point.ratio / 1.5), point.ratio * 1.5) : sample
      point.ratio += (bounded - point.ratio) / point.weight
      points[index] = point
    } else {
      points.append(Point(rows: rows, ratio: sample, weight: 1))
      points.sort { $0.rows < $1.rows }
    }
    updateShape()
  }

  /// b of the line 1 + b · (T - 1), fitted to the points by least squares.
  private var slope: Double {
    var (numerator, denominator) = (0.0, StepCost.priorWeight * 49)
    numerator = denominator * StepCost.priorSlope
    for point in points {
      let distance = Double(point.rows - 1)
      numerator += point.weight * (point.ratio - 1) * distance
      denominator += point.weight * distance * distance
    }
    return max(0, numerator / denominator)
  }

  private mutating func updateShape() {
    let slope = slope
    func line(_ rows: Int) -> Double { 1 + slope * Double(rows - 1) }
    var known = [(rows: 1, ratio: 1.0, weight: StepCost.memory)]
    for point in points {
      let weight = StepCost.lineWeight
      let ratio =
        (point.weight * point.ratio + weight * line(point.rows)) / (point.weight + weight)
      known.append((point.rows, ratio, point.weight + weight))
      // Neighbours in decreasing order take their weighted mean (isotonic regression).
      while known.count > 1, known[known.count - 2].ratio > known[known.count - 1].ratio {
        let (right, left) = (known.removeLast(), known.removeLast())
        let sum = left.weight + right.weight
        let mean = (left.ratio * left.weight + right.ratio * right.weight) / sum
        known.append((right.rows, known.isEmpty ? 1 : mean, sum))
      }
    }
    let ratios = known.map { (rows: $0.rows, value: $0.ratio) }
    shape = (1...StepCost.maximumRows).map { interpolate(at: $0, ratios, slopeBeyond: slope) }
  }
}
