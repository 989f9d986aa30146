/// What a user allows: `|a - b| ≤ absolute + relative · |truth|`.
public struct Tolerance: Encodable, Equatable, Sendable {
  public var absolute: Double
  public var relative: Double

  /// A tolerance; both are finite and not negative.
  public init(absolute: Double = 0, relative: Double = 0) {
    precondition(
      absolute >= 0 && absolute.isFinite && relative >= 0 && relative.isFinite,
      "a tolerance of \(absolute) and \(relative)")
    (self.absolute, self.relative) = (absolute, relative)
  }

  func allows(_ difference: Double, value: Double) -> Bool {
    difference <= absolute + relative * value.magnitude
  }
}
