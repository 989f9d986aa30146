/// What to compare, and what counts as agreement.
public struct ComparisonSettings: Sendable {
  /// What differences are allowed; nil where rounding alone decides.
  public var tolerance: Tolerance?
  /// The number of most probable tokens whose agreement is counted.
  public var topK = 10
  /// Whether a row whose `topK` most probable tokens are not the same set is a disagreement.
  public var requiresTopK = false
  /// The arithmetic that the less exact side claims; nil where it is to be found out.
  public var precision: Precision?
  /// The names of the tensors to compare, with `*` for any characters; empty for all.
  public var patterns: [String] = []

  public init() {}

  func includes(_ name: String) -> Bool {
    patterns.isEmpty || patterns.contains { Self.matches(Array(name.utf8), Array($0.utf8)) }
  }

  /// Whether a name fits a pattern with `*`.
  private static func matches(_ name: [UInt8], _ pattern: [UInt8]) -> Bool {
    var (i, j) = (0, 0)
    var restart: (name: Int, pattern: Int)?
    while i < name.count {
      if j < pattern.count, pattern[j] == UInt8(ascii: "*") {
        restart = (i, j)
        j += 1
      } else if j < pattern.count, pattern[j] == name[i] {
        (i, j) = (i + 1, j + 1)
      } else if let (start, star) = restart {
        // The star takes one character more.
        restart = (start + 1, star)
        (i, j) = (start + 1, star + 1)
      } else {
        return false
      }
    }
    return pattern[j...].allSatisfy { $0 == UInt8(ascii: "*") }
  }
}

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
