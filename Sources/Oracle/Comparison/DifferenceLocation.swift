import Llama

/// A place in a recording.
public struct DifferenceLocation: Encodable, Equatable, Sendable {
  /// The pass, from 0.
  public let pass: Int
  /// The tensor's name.
  public let tensor: String
  /// The row of the pass, from 0.
  public let row: Int
  /// The column, from 0: a feature, or a token id.
  public let column: Int
  /// The row's token, where it was recorded.
  public let token: TokenID?
  /// The row's position, where it was recorded.
  public let position: Int?

  /// Another column of the same row.
  func at(column: Int) -> DifferenceLocation {
    DifferenceLocation(
      pass: pass, tensor: tensor, row: row, column: column, token: token, position: position)
  }

  /// As a sentence names it, without the column: `pass 3, row 12 (token 17, position 40),
  /// hidden.12`.
  public var words: String {
    let facts = [token.map { "token \($0)" }, position.map { "position \($0)" }].compactMap { $0 }
    let row = facts.isEmpty ? "row \(row)" : "row \(row) (\(facts.joined(separator: ", ")))"
    return "pass \(pass), \(row), \(tensor.shown)"
  }
}
