import Llama

/// A place in a recording.
public struct DifferenceLocation: Encodable, Equatable, Sendable {
  public let pass: Int
  public let tensor: String
  public let row: Int
  /// The column, from 0: a feature, or a token id.
  public let column: Int
  public let token: TokenID?
  public let position: Int?
  /// Of attention weights, the keys of each head.
  let keyCount: Int?

  /// Of attention weights, the head that the column belongs to, from 0.
  public var head: Int? { keyCount.map { column / $0 } }
  /// Of attention weights, the key that the column belongs to: cached ones, then rows of the pass.
  public var key: Int? { keyCount.map { column % $0 } }

  func at(column: Int) -> DifferenceLocation {
    DifferenceLocation(
      pass: pass, tensor: tensor, row: row, column: column, token: token, position: position,
      keyCount: keyCount)
  }

  private enum CodingKeys: String, CodingKey {
    case pass, tensor, row, column, token, position, head, key
  }

  public func encode(to encoder: any Encoder) throws {
    var fields = encoder.container(keyedBy: CodingKeys.self)
    try fields.encode(pass, forKey: .pass)
    try fields.encode(tensor, forKey: .tensor)
    try fields.encode(row, forKey: .row)
    try fields.encode(column, forKey: .column)
    try fields.encodeIfPresent(token, forKey: .token)
    try fields.encodeIfPresent(position, forKey: .position)
    try fields.encodeIfPresent(head, forKey: .head)
    try fields.encodeIfPresent(key, forKey: .key)
  }

  /// As a sentence names it, without a feature's column: `pass 3, row 12 (token 17, position 40),
  /// hidden.12`, or `…, attention.3 of head 2 to key 19`.
  public var words: String {
    let facts = [token.map { "token \($0)" }, position.map { "position \($0)" }].compactMap { $0 }
    let row = facts.isEmpty ? "row \(row)" : "row \(row) (\(facts.joined(separator: ", ")))"
    let weight = head.flatMap { head in key.map { " of head \(head) to key \($0)" } } ?? ""
    return "pass \(pass), \(row), \(tensor.shown)\(weight)"
  }
}

/// The first tensor in which differences are larger than rounding explains.
public struct Finding: Encodable, Equatable, Sendable {
  /// The first row, and in it the column that is off by the most ulps.
  public let location: DifferenceLocation
  /// The absolute difference there; 0 where no finite values differ.
  public let difference: Double
  public let valueInA: Double
  public let valueInB: Double
  /// How many times what rounding explains the row is off; nil where a value is finite on one side
  /// alone.
  public let times: Double?
  /// Rows of this tensor and pass that are off by more than rounding explains.
  public let rows: [Int]
  /// Tensors that were compared before this one, all within what rounding explains.
  public let tensorsBefore: Int
}
