import Llama

/// The text before a token that is to be chosen: the prompt, the settled tokens, and those that the
/// running pass has accepted so far.
///
/// What is shared with the decoder is not copied, so that making one costs nothing.
public struct TextPrefix: RandomAccessCollection, Sendable {
  private let settled: [TokenID]
  private let accepted: [TokenID]
  /// Tokens of the prompt, which comes first.
  public let promptCount: Int

  /// A prefix.
  /// - Parameters:
  ///   - settled: prompt and settled tokens.
  ///   - promptCount: how many of them are the prompt's.
  ///   - accepted: what follows them.
  public init(_ settled: [TokenID], promptCount: Int, accepting accepted: [TokenID] = []) {
    self.settled = settled
    self.promptCount = promptCount
    self.accepted = accepted
  }

  /// The first position of the text, 0.
  public var startIndex: Int { 0 }
  /// The position of the token that is to be chosen.
  public var endIndex: Int { settled.count + accepted.count }

  /// The token at a position of the text.
  /// - Precondition: `position` is in `indices`.
  public subscript(position: Int) -> TokenID {
    position < settled.count ? settled[position] : accepted[position - settled.count]
  }

  /// The generated tokens.
  public var output: SubSequence { self[Swift.min(promptCount, endIndex)...] }
}
