/// Decides, while rows come in, what rounding explains: for each arithmetic, which row is the first
/// that its rounding does not explain; and which arithmetic it is, from where differences begin.
struct RoundingJudge {
  private let model: RoundingModel
  private var findings: [Precision: Finding] = [:]
  /// The finest arithmetic that explains the median row of each of the first tensors that differ.
  private var beginnings: [Precision] = []
  private var isFirstPass = true
  private var tensorCount = 0

  private struct Row {
    let location: DifferenceLocation
    let worst: (a: Double, b: Double)
    let isFinite: Bool
    let error: RoundingModel.RowError
    let measured: RoundingModel.RowError?
  }
  private var rows: [Row] = []
  private var kind: TensorName?
  private var floor = Precision.float32

  init(_ model: RoundingModel) { self.model = model }

  /// The arithmetic by which all is judged: the coarser of those that explain the first tensor that
  /// differs and the one after it. The embedding alone would tell only how weights are stored.
  var precision: Precision { beginnings.max() ?? .float32 }

  /// The finest arithmetic that explains everything.
  var explainedBy: Precision? { Precision.allCases.first { findings[$0] == nil } }

  func finding(_ precision: Precision) -> Finding? { findings[precision] }

  /// Begins a tensor.
  /// - Parameter floor: the finest arithmetic that the stored values can come from.
  mutating func begin(_ kind: TensorName?, floor: Precision) {
    (self.kind, self.floor) = (kind, floor)
    rows = []
  }

  /// - Parameter location: of the value that is off by the most ulps.
  mutating func add(
    _ row: RowFigures, at location: DifferenceLocation, measured: RoundingModel.RowError?
  ) {
    // A run whose row is not finite has measured nothing there.
    let measured = measured.flatMap { $0.mean.isFinite ? $0 : nil }
    rows.append(
      Row(
        location: location, worst: (row.worst.a, row.worst.b),
        isFinite: row.nonFinite.different == 0, error: row.error, measured: measured))
  }

  /// Ends the tensor, and puts what was found into its figures.
  mutating func end(_ figures: inout TensorFigures) {
    for precision in Precision.allCases {
      // Values that were rounded to be stored hide how they were computed.
      let arithmetic = max(precision, floor)
      let times = rows.map { self.times($0, arithmetic) }
      let asAWhole = timesAsAWhole(arithmetic)
      let worst = times.max() ?? 0
      figures.raise(max(worst, asAWhole), of: precision)
      guard findings[precision] == nil, worst > 1 || asAWhole > 1 else { continue }
      let isOff = worst > 1 ? times.map { $0 > 1 } : times.map { $0 == worst }
      guard let first = isOff.firstIndex(of: true) else { continue }
      let row = rows[first]
      findings[precision] = Finding(
        location: row.location,
        difference: TensorFigures.finite((row.worst.a - row.worst.b).magnitude),
        valueInA: row.worst.a, valueInB: row.worst.b,
        times: row.isFinite ? TensorFigures.finite(max(times[first], asAWhole)) : nil,
        rows: zip(rows, isOff).filter { $0.1 }.map(\.0.location.row), tensorsBefore: tensorCount)
    }
    if isFirstPass, beginnings.count < 2, Self.median(rows.map(\.error.mean)) > 0 {
      beginnings.append(beginning)
    }
    tensorCount += rows.isEmpty ? 0 : 1
    rows = []
  }

  mutating func endPass() { isFirstPass = false }

  /// The finest arithmetic that explains the median row; the coarsest if none does.
  private var beginning: Precision {
    let median = Self.median(rows.map(\.error.mean))
    let explaining = Precision.allCases.first { precision in
      median <= model.meanBound(kind, max(precision, floor)) * RoundingModel.medianShare
    }
    return max(explaining ?? .bf16, floor)
  }

  private func times(_ row: Row, _ precision: Precision) -> Double {
    let bound =
      row.measured.map { model.meanBound(float32: $0, precision) }
      ?? model.meanBound(kind, precision)
    return model.times(row.error, meanBound: bound)
  }

  /// How far all rows together are beyond what rounding explains: single rows may be outliers, half
  /// of them may not. What was measured row by row needs no such rule.
  private func timesAsAWhole(_ precision: Precision) -> Double {
    guard rows.allSatisfy({ $0.measured == nil }) else { return 0 }
    let bound = model.meanBound(kind, precision) * RoundingModel.medianShare
    return Self.median(rows.map(\.error.mean)) / bound
  }

  private static func median(_ values: [Double]) -> Double {
    values.isEmpty ? 0 : values.sorted()[values.count / 2]
  }
}
