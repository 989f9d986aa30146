import Foundation

/// A row of A beside the row of B, value by value.
struct PairedRow {
  /// The values, in the same order.
  private(set) var a: [Double]
  private(set) var b: [Double]
  /// The column of each value; nil where they are all columns.
  private(set) var columns: [Int]?
  /// Of each value, the magnitude that its ulp is taken at.
  private(set) var magnitudes: [Double] = []
  /// What storing the values in steps can have added to each difference.
  let slack: Double

  /// The magnitude of logits where only log-probabilities are known on both sides.
  private static let assumedLogit = 16.0

  /// Puts two rows beside each other.
  ///
  /// Where one has log-probabilities and the other logits, the latter become log-probabilities.
  /// Where one lists some columns, those that both have are kept.
  /// - Parameters:
  ///   - truth: the side whose values say how large an ulp is.
  ///   - tensor: the tensor's name, for the error.
  ///   - pass: its pass, for the error.
  /// - Throws: `RecordingError` if both have all their columns, but not as many.
  init(
    _ rowA: RecordedRow, _ rowB: RecordedRow, truth: Side, tensor: String = "", pass: Int = 0
  ) throws(RecordingError) {
    let (countA, countB) = (rowA.values.count, rowB.values.count)
    if rowA.columns == nil, rowB.columns == nil, countA != countB {
      throw .differentCounts(
        of: "values in a row", tensor: tensor, pass: pass, a: countA, b: countB)
    }
    let areLogProbabilities = rowA.isLogProbability || rowB.isLogProbability
    (a, b) = (rowA.values, rowB.values)
    if areLogProbabilities {
      if !rowA.isLogProbability { a = Self.logProbabilities(a) }
      if !rowB.isLogProbability { b = Self.logProbabilities(b) }
    }
    slack = rowA.halfStep + rowB.halfStep
    let kept = Self.common(rowA, rowB)
    if let kept {
      a = kept.map { a[$0.a] }
      b = kept.map { b[$0.b] }
      columns = kept.map(\.column)
    }
    // The rounding of a log-probability is that of the logit behind it.
    let preferred = truth == .a ? rowA : rowB
    let other = truth == .a ? rowB : rowA
    guard areLogProbabilities else {
      magnitudes = Self.magnitudes(of: truth == .a ? a : b, instead: truth == .a ? b : a)
      return
    }
    if let logits = [preferred, other].first(where: { !$0.isLogProbability }) {
      let all = Self.magnitudes(of: logits.values, instead: [])
      magnitudes = kept.map { pairs in pairs.map { all[$0.column] } } ?? all
    } else {
      magnitudes = a.map { max($0.magnitude, Self.assumedLogit) }
    }
  }

  enum Side { case a, b }

  /// Indices of the columns that both rows have; nil where both have all.
  private static func common(
    _ rowA: RecordedRow, _ rowB: RecordedRow
  ) -> [(a: Int, b: Int, column: Int)]? {
    if rowA.columns == nil, rowB.columns == nil { return nil }
    let columnsA = rowA.columns ?? Array(rowA.values.indices)
    let columnsB = rowB.columns ?? Array(rowB.values.indices)
    var pairs: [(a: Int, b: Int, column: Int)] = []
    var (i, j) = (0, 0)
    while i < columnsA.count, j < columnsB.count {
      if columnsA[i] == columnsB[j] { pairs.append((i, j, columnsA[i])) }
      let next = min(columnsA[i], columnsB[j])
      if columnsA[i] == next { i += 1 }
      if columnsB[j] == next { j += 1 }
    }
    return pairs
  }

  /// The larger of each value's magnitude and the median of those that are not 0.
  private static func magnitudes(of values: [Double], instead: [Double]) -> [Double] {
    var known = values.map(\.magnitude).filter { $0 > 0 && $0.isFinite }
    if known.isEmpty { known = instead.map(\.magnitude).filter { $0 > 0 && $0.isFinite } }
    known.sort()
    let median = known.isEmpty ? 0 : known[known.count / 2]
    return values.map { $0.isFinite ? max($0.magnitude, median) : median }
  }

  /// `values[i] - log Σ exp(values)`; NaN throughout where a value is NaN or infinitely large.
  static func logProbabilities(_ values: [Double]) -> [Double] {
    guard let largest = values.max() else { return [] }
    let sum = values.reduce(0) { $0 + exp($1 - largest) }
    let logSum = largest + log(sum)
    return values.map { $0 - logSum }
  }
}
