import Llama

/// The text before a token that is to be chosen: the prompt, the accepted tokens, and those that the
/// running pass has accepted so far. The decoder's text is shared, not copied.
public struct TextPrefix: RandomAccessCollection, Sendable {
  private let text: [TokenID]
  private let accepted: [TokenID]
  /// Tokens of the prompt, which comes first.
  public let promptCount: Int

  /// - Parameters:
  ///   - text: the prompt and the accepted tokens before the pass.
  ///   - accepted: the tokens of the pass after them.
  public init(_ text: [TokenID], promptCount: Int, accepting accepted: [TokenID] = []) {
    self.text = text
    self.promptCount = promptCount
    self.accepted = accepted
  }

  public var startIndex: Int { 0 }
  /// The position of the token that is to be chosen.
  public var endIndex: Int { text.count + accepted.count }

  public subscript(position: Int) -> TokenID {
    position < text.count ? text[position] : accepted[position - text.count]
  }

  /// The generated tokens.
  public var output: SubSequence { self[Swift.min(promptCount, endIndex)...] }
}
