import Files
import Lookahead
import Tensor

/// SHA-256 over the logits behind the emitted tokens, row after row, as little-endian float32.
///
/// The digest after every row is kept, so that the first row can be named from which on two runs
/// differ.
public struct LogitsDigest: Equatable, Sendable {
  private var hash = SHA256()
  /// The digest of the first row, of the first two, and so on; 32 bytes each.
  public private(set) var prefixes: [[UInt8]] = []

  public init() {}

  public mutating func append(_ accepted: Accepted) {
    for row in accepted.logitRows { append(accepted.logits.row(row)) }
  }

  mutating func append(_ row: ArraySlice<Float>) {
    hash.update(row)
    prefixes.append(hash.digest)
  }

  /// The digest of all rows, as 64 hexadecimal digits.
  public var hexDigest: String { hash.hexDigest }

  /// The number of the first row, from 0, that is not the same here and there; where one run has
  /// more rows, its first further one.
  public func firstDifference(from other: LogitsDigest) -> Int? {
    Self.firstDifference(prefixes, other.prefixes)
  }

  /// The first index at which two lists differ or one has ended; nil if they are equal.
  public static func firstDifference<Element: Equatable>(_ a: [Element], _ b: [Element]) -> Int? {
    let shared = zip(a, b).prefix { $0 == $1 }.count
    return shared == a.count && shared == b.count ? nil : shared
  }

  /// Whether all rows are the same, bit for bit.
  public static func == (a: LogitsDigest, b: LogitsDigest) -> Bool { a.prefixes == b.prefixes }
}
