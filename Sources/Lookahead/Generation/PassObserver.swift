import Llama

/// Receives every pass of a decoder. Without one, nothing is recorded.
public protocol PassObserver: Sendable {
  /// Called after a pass was committed.
  /// - Throws: anything; it ends the text.
  func observe(_ pass: PassRecord) throws
}

/// One committed pass of a decoder.
public struct PassRecord: Sendable {
  public enum Kind: Equatable, Sendable {
    /// It read a part of the prompt; the last such pass accepts a token too.
    case prompt
    /// It read the current token.
    case step
  }

  public let kind: Kind
  /// What the model was asked.
  public let request: PassRequest
  /// The accepted tokens, oldest first.
  public let accepted: [TokenID]
  /// For each of them the row that it was chosen from. Rows before the first of these are prompt.
  public let acceptedRows: [Int]
  /// The rows that were committed to the cache, in order.
  public let committedRows: [Int]
  /// The speculative rows of lookahead decoding; nil in plain decoding.
  public let lookahead: LookaheadRecord?

  init(
    kind: Kind, request: PassRequest, accepted: [TokenID], acceptedRows: [Int],
    committedRows: [Int], lookahead: LookaheadRecord? = nil
  ) {
    self.kind = kind
    self.request = request
    self.accepted = accepted
    self.acceptedRows = acceptedRows
    self.committedRows = committedRows
    self.lookahead = lookahead
  }
}
