/// Why the content of a file is refused: which file, which part of it, and what is wrong with that.
///
/// One type serves all readers, so that a caller can match on the problem whatever the format is. The
/// words of `part`, `expected`, `found` and `reason` are parts of a sentence without its final stop.
public struct FileError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What can be wrong with a part of a file.
  public enum Problem: Equatable, Sendable {
    /// It must be there and is not.
    case missing
    /// It occurs more than once and must not.
    case duplicate
    /// It breaks the rules of its format: `reason` begins with a verb, such as "ends inside a string".
    case malformed(reason: String)
    /// Its value, type, size or place is not what it must be.
    case invalid(expected: String, found: String)
    /// It may be right, but this program does not implement it.
    case unsupported(found: String, supported: String)
    /// There is more of it than is read.
    case tooLarge(found: UInt64, limit: UInt64)
  }

  public let path: String
  /// The part of the file as a noun phrase, such as "the tensor output.weight" or "the key
  /// rope_scaling.factor"; nil where the whole file is meant.
  public let part: String?
  public let problem: Problem

  public init(_ path: String, _ part: String? = nil, _ problem: Problem) {
    (self.path, self.part, self.problem) = (path, part, problem)
  }

  /// One sentence, fit for a terminal whatever the file contains.
  public var description: String { OneLine.of("\(path): \(part ?? "the file") \(predicate).") }

  private var predicate: String {
    switch problem {
    case .missing: "is missing"
    case .duplicate: "occurs more than once"
    case .malformed(let reason): reason
    case .invalid(let expected, let found): "is \(found), but must be \(expected)"
    case .unsupported(let found, let supported):
      "is \(found), which is not supported; supported: \(supported)"
    case .tooLarge(let found, let limit): "has \(found), where at most \(limit) can be read"
    }
  }
}
