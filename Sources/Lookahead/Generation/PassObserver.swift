import Llama

/// Receives every committed pass of a decoder; an error ends the text.
public protocol PassObserver: Sendable {
  func observe(_ pass: PassRecord) throws
}

/// One committed pass of a decoder.
public struct PassRecord: Sendable {
  public enum Kind: Equatable, Sendable {
    /// A part of the prompt; the last of these passes accepts a token.
    case prompt
    /// A decoding step.
    case step
  }

  public let kind: Kind
  public let request: PassRequest
  /// The accepted tokens, oldest first.
  public let accepted: [TokenID]
  /// For each of them the row that it was chosen from. Rows before the first of these are the prompt's.
  public let acceptedRows: [Int]
  /// The rows that were committed to the cache, in order.
  public let committedRows: [Int]
  /// The speculative rows of lookahead decoding; nil in plain decoding.
  public internal(set) var lookahead: LookaheadRecord?
}
