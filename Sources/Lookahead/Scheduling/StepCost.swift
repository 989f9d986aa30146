/// What a pass costs, as a function of its rows: of one model on one machine.
///
/// Two things are learnt from every pass. The *level*, milliseconds of a pass of one row, follows the
/// machine's minute and the growing context quickly. The *shape*, how many times a pass of one row a
/// pass of T rows costs, is learnt slowly, from passes that ran next to each other; so a slower minute
/// is not taken for dear rows. Where a number of rows was not seen yet, the shape is a straight line
/// between those that were, and beyond them goes on along the line 1 + b · (T - 1) that fits all.
public struct StepCost: Equatable, Sendable {
  /// What passes of a number of rows have cost.
  public struct Point: Equatable, Sendable, Codable {
    /// Rows of the pass, at least 2.
    public let rows: Int
    /// Its cost as a multiple of that of one row.
    public var ratio: Double
    /// Passes that say so; at most `StepCost.memory` count.
    public var weight: Double

    /// What `weight` passes of `rows` rows have cost in the mean.
    public init(rows: Int, ratio: Double, weight: Double) {
      self.rows = rows
      self.ratio = ratio
      self.weight = weight
    }
  }

  /// Milliseconds of a pass of one row; none while nothing was measured.
  public private(set) var level: Double?
  /// What is known of larger passes, by ascending rows.
  public private(set) var points: [Point] = []
  /// The shape, `[T - 1]`, never falling.
  private var shape: [Double] = []
  private var levelSamples = 0

  /// Larger passes are not told apart.
  public static let maximumRows = 64
  /// A mean forgets what is older than about so many passes.
  public static let memory = 20.0
  /// b where nothing is known: what a row more costs, as a share of a pass of one row.
  static let priorSlope = 0.05
  /// How many passes of 8 rows the prior is worth.
  private static let priorWeight = 0.5
  /// How many passes the straight line is worth beside those of a number of rows.
  private static let lineWeight = 0.5

  /// Nothing known yet.
  public init() { updateShape() }

  /// What was learnt before; it counts as `memory` passes at the most, so that it can be learnt anew.
  /// - Returns: nothing where a figure is not positive and finite, or rows do not ascend from 2 to
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

  /// Whether no pass of more than one row was seen.
  var isUnknown: Bool { points.isEmpty || level == nil }

  /// What a pass of `rows` rows costs, as a multiple of one of a single row; at least 1.
  public func ratio(rows: Int) -> Double {
    let rows = max(1, rows)
    let last = StepCost.maximumRows
    if rows <= last { return shape[rows - 1] }
    return shape[last - 1] * Double(rows) / Double(last)
  }

  /// Milliseconds of a pass of `rows` rows; none while nothing was measured.
  public func milliseconds(rows: Int) -> Double? { level.map { $0 * ratio(rows: rows) } }

  /// Takes in a pass.
  /// - Parameters:
  ///   - rows: at least 1; a pass of more than `maximumRows` says nothing.
  ///   - milliseconds: what it took.
  public mutating func observe(rows: Int, milliseconds: Double) {
    guard
      1...StepCost.maximumRows ~= rows, milliseconds > 0, milliseconds.isFinite
    else { return }
    guard let level else {
      level = milliseconds / ratio(rows: rows)
      levelSamples = rows == 1 ? 1 : 0
      return
    }
    // A pass that was interrupted by something else says little: it counts as if it were a bit
    // slow. A faster one than thought possible says that what is thought is wrong.
    let surprise = milliseconds / (level * ratio(rows: rows))
    if rows == 1, levelSamples == 0 {
      // The level was a guess from larger passes, and so were their ratios.
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
      // A size that is well known tells how fast the machine is now.
      if points.contains(where: { $0.rows == rows && $0.weight > 5 }) {
        self.level = level * (1 + 0.1 * (min(max(surprise, 0.8), 1.25) - 1))
      }
    }
  }

  private mutating func learnRatio(rows: Int, _ sample: Double) {
    if let index = points.firstIndex(where: { $0.rows == rows }) {
      var point = points[index]
      point.weight = min(point.weight + 1, StepCost.memory)
      // Once there are a few passes, one that differs much moves the mean a little only.
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

  /// b of the line 1 + b · (T - 1) through what is known, by least squares.
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
      // Neighbours in the wrong order are both noisy: they take their mean (isotonic regression).
      while known.count > 1, known[known.count - 2].ratio > known[known.count - 1].ratio {
        let (right, left) = (known.removeLast(), known.removeLast())
        let sum = left.weight + right.weight
        let mean = (left.ratio * left.weight + right.ratio * right.weight) / sum
        known.append((right.rows, known.isEmpty ? 1 : mean, sum))
      }
    }
    shape = []
    var (left, next) = (known[0], 0)
    for rows in 1...StepCost.maximumRows {
      while next < known.count, known[next].rows < rows {
        left = known[next]
        next += 1
      }
      if next < known.count {
        let right = known[next]
        let share = Double(rows - left.rows) / Double(max(1, right.rows - left.rows))
        shape.append(left.ratio + share * (right.ratio - left.ratio))
      } else {
        shape.append(left.ratio + slope * Double(rows - left.rows))
      }
    }
  }
}
