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
  /// Of attention weights, the head that the column belongs to, from 0.
  public let head: Int?
  /// Of attention weights, the key that the column belongs to: cached ones, then rows of the pass.
  public let key: Int?

  /// A value of a tensor of pass `pass`.
  /// - Parameter row: a row of the pass.
  init(_ tensor: RecordedTensor, of pass: RecordedPass, row: Int, column: Int) {
    let facts = pass.facts.rows.flatMap { $0.indices.contains(row) ? $0[row] : nil }
    (self.pass, self.tensor, self.row, self.column) = (pass.index, tensor.name, row, column)
    (token, position) = (facts?.token, facts?.position)
    head = tensor.keyCount.map { column / $0 }
    key = tensor.keyCount.map { column % $0 }
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
