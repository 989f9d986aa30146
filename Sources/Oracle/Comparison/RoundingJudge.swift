/// Decides, while rows come in, what rounding explains: for each arithmetic, which row is the first
/// that its rounding does not explain; and which arithmetic it is, from where differences begin.
struct RoundingJudge {
  private let model: RoundingModel
  private let known: KnownArithmetic
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

  init(_ model: RoundingModel, _ known: KnownArithmetic) {
    (self.model, self.known) = (model, known)
  }

  /// The arithmetic by which all is judged: the coarser of those that explain the first tensor that
  /// differs and the one after it. The embedding alone would tell only how weights are stored.
  ///
  /// A side that says that it rounds to integers is judged by these, wherever differences begin: two
  /// that round alike may agree to float32 for some blocks. Of one that says nothing, differences of
  /// BF16 and of 8 bits begin alike: then it is the one that explains more tensors.
  var precision: Precision {
    if let integers = known.integers { return explains(.float32) ? .float32 : integers }
    let begun = beginnings.max() ?? .float32
    guard begun == .bf16, known.candidates.contains(.int8), let end = findings[.bf16] else {
      return begun
    }
    let endOfInt8 = findings[.int8]?.tensorsBefore ?? .max
    return end.tensorsBefore < endOfInt8 ? .int8 : .bf16
  }

  /// The finest arithmetic that explains everything, of those that may be.
  /// - Parameter claimed: one that may be too, as it is claimed.
  func explainedBy(claimed: Precision?) -> Precision? {
    (known.candidates + (claimed.map { [$0] } ?? [])).sorted().first(where: explains)
  }

  /// Whether the rounding of an arithmetic explains everything.
  func explains(_ precision: Precision) -> Bool { findings[precision] == nil }

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
      let times = rows.map { self.times($0, precision) }
      let asAWhole = timesAsAWhole(precision)
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

  /// The finest arithmetic that explains the median row; the coarsest that may be if none does.
  private var beginning: Precision {
    let median = Self.median(rows.map(\.error.mean))
    let explaining = known.candidates.first { median <= lawBound($0) * RoundingModel.medianShare }
    return max(explaining ?? known.candidates.last ?? .bf16, floor)
  }

  private func times(_ row: Row, _ precision: Precision) -> Double {
    // Values that were rounded to be stored hide how they were computed.
    let bound =
      row.measured.map { error in
        max(model.meanBound(float32: error, precision), model.meanBound(float32: error, floor))
      } ?? lawBound(precision)
    return model.times(row.error, meanBound: bound)
  }

  /// The mean error of a row of the tensor at hand that the law allows.
  private func lawBound(_ precision: Precision) -> Double {
    max(model.meanBound(kind, precision), model.meanBound(kind, floor))
  }

  /// How far all rows together are beyond what rounding explains: single rows may be outliers, half
  /// of them may not. What was measured row by row needs no such rule.
  private func timesAsAWhole(_ precision: Precision) -> Double {
    guard rows.allSatisfy({ $0.measured == nil }) else { return 0 }
    let bound = lawBound(precision) * RoundingModel.medianShare
    return Self.median(rows.map(\.error.mean)) / bound
  }

  private static func median(_ values: [Double]) -> Double {
    values.isEmpty ? 0 : values.sorted()[values.count / 2]
  }
}
