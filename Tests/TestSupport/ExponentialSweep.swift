import Foundation

/// The error of the canonical `exp` over Floats from -87 to 88, where its result is a normal number.
public struct ExponentialSweep: Sendable, CustomStringConvertible {
  /// Floats that were tried.
  public private(set) var count = 0
  /// The largest error, in ulps of the Float nearest to the true value.
  public private(set) var largestUlps = 0.0
  /// Where it is.
  public private(set) var worst: Float = 0
  private var sum = 0.0

  /// Tries every `stride`-th Float from -87 to 88, counted from zero by their bits: 1 tries all
  /// 2,237,530,114 of them. Zero of both signs and both ends are always tried.
  public init(stride step: UInt32) {
    for end: Float in [88, -87] {
      let sign = end.bitPattern & 0x8000_0000
      var bits = sign
      while bits < end.bitPattern {
        add(Float(bitPattern: bits))
        bits += step
      }
      add(end)
    }
  }

  /// The mean error, in ulps.
  public var meanUlps: Double { sum / Double(count) }

  private mutating func add(_ x: Float) {
    let truth = exp(Double(x))
    let error = abs(Double(CanonicalOrder.exponential(x)) - truth) / Double(Float(truth).ulp)
    count += 1
    sum += error
    // NaN is the largest error there is.
    if !(error <= largestUlps) { (largestUlps, worst) = (error, x) }
  }

  /// Its line in a document.
  public var description: String {
    "\(largestUlps) ulp at \(worst), \(meanUlps) on average of \(count) Floats"
  }
}
