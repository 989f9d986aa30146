/// A difference between two recordings that is no matter of rounding.
public struct DiscreteDifference: Encodable, Equatable, Sendable {
  /// What differs, in the order in which a decoder computes it.
  public enum Subject: String, Encodable, Sendable, CaseIterable {
    case prompt
    /// Tokens in the cache before a pass.
    case cachedCount
    /// The n-grams up for verification, or their order.
    case candidates
    case rows
    case token
    case position
    /// What a row attends to: a cell of the mask.
    case mask
    /// The predictions for the window's top level.
    case frontier
    /// The tokens that a pass accepts.
    case selected
    /// The rows that stay in the cache.
    case acceptedRows
    case window
    case tokens
    case passes

    /// Whether the numbers of a pass depend on it.
    var isInput: Bool { [.cachedCount, .rows, .token, .position, .mask].contains(self) }

    /// Whether it is fixed before a pass computes any numbers.
    var comesBeforeNumbers: Bool { isInput || self == .prompt || self == .candidates }
  }

  public let subject: Subject
  public let pass: Int?
  public let row: Int?
  public let sentence: String

  /// Whether a decoder computes this before the numbers of a pass.
  func comesBeforeNumbers(ofPass other: Int) -> Bool {
    guard let pass else { return subject == .prompt }
    return pass < other || pass == other && subject.comesBeforeNumbers
  }

  /// Sorts differences in the order in which a decoder computes them.
  var place: [Int] {
    let order = Subject.allCases.firstIndex(of: subject) ?? 0
    return [pass ?? (subject == .prompt ? -1 : .max), order]
  }
}
