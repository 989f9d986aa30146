import Tensor

/// How far Float results are from those in Double: largest and mean, absolute and in ulps.
///
/// An ulp is the spacing of Floats at the true value. Where a sum cancels to nearly nothing its own
/// ulp does not measure how well it was computed, so a value smaller than the median magnitude of
/// its row is measured in ulps of that median.
public struct ErrorFigures: Sendable, CustomStringConvertible {
  /// Values that were compared.
  public private(set) var count = 0
  /// The largest magnitude of a true value.
  public private(set) var largestTruth = 0.0
  /// The largest absolute error.
  public private(set) var largest = 0.0
  /// The largest error in ulps.
  public private(set) var largestUlps = 0.0
  private var sum = 0.0
  private var sumOfUlps = 0.0

  /// The figures of no values yet.
  public init() {}

  /// The figures of two matrices; infinite if the shapes differ.
  public init(_ found: Matrix, truth: [[Double]]) {
    guard found.rows == truth.count else {
      add(error: .infinity, ulp: 1)
      return
    }
    for (row, truth) in truth.enumerated() { add(found.row(row), truth: truth) }
  }

  /// The mean absolute error.
  public var mean: Double { sum / Double(count) }
  /// The mean error in ulps.
  public var meanUlps: Double { sumOfUlps / Double(count) }

  /// Adds one row.
  public mutating func add(_ found: some Collection<Float>, truth: [Double]) {
    guard found.count == truth.count, !truth.isEmpty else {
      add(error: .infinity, ulp: 1)
      return
    }
    largestTruth = truth.reduce(largestTruth) { max($0, abs($1)) }
    let median = truth.map(abs).sorted()[truth.count / 2]
    for (found, truth) in zip(found, truth) {
      add(error: abs(Double(found) - truth), ulp: Double(Float(max(abs(truth), median)).ulp))
    }
  }

  /// Adds one value.
  public mutating func add(error: Double, ulp: Double) {
    count += 1
    sum += error
    sumOfUlps += error / ulp
    // NaN is the largest error there is.
    largest = error <= largest ? largest : error
    largestUlps = error / ulp <= largestUlps ? largestUlps : error / ulp
  }

  /// Four cells of a Markdown table: largest and mean error, largest and mean in ulps.
  public var description: String {
    "\(scientific(largest)) | \(scientific(mean)) | \(decimal(largestUlps)) | \(decimal(meanUlps))"
  }
}

/// A number as a document writes it: 3.2·10⁻⁶.
public func scientific(_ value: Double) -> String {
  if value == 0 || !value.isFinite { return "\(value)" }
  var exponent = 0
  var significand = value
  while significand < 1 { (significand, exponent) = (significand * 10, exponent - 1) }
  while significand >= 10 { (significand, exponent) = (significand / 10, exponent + 1) }
  let digits = String(exponent).map { $0 == "-" ? "⁻" : superscripts[$0.wholeNumberValue ?? 0] }
  return "\(decimal(significand))·10\(String(digits))"
}

private let superscripts: [Character] = ["⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"]

/// Two significant digits below 10, whole numbers from there on.
private func decimal(_ value: Double) -> String {
  if !value.isFinite { return "\(value)" }
  if value >= 10 { return "\(Int(value.rounded()))" }
  return value >= 1
    ? "\((value * 10).rounded() / 10)" : "\((value * 100).rounded() / 100)"
}
