import Llama

/// When a decoder must not go on.
public struct StopRules: Sendable {
  /// Tokens after which the text ends. They are part of the output.
  public var endTokens: Set<TokenID>
  /// Tokens to generate at the most.
  public var maximumTokens: Int
  /// Strings before which the text ends, if there are any.
  public var stopStrings: StopStrings?

  /// Ends after any of `endTokens`, before any of `stopStrings`, or after `maximumTokens` tokens.
  public init(
    endTokens: Set<TokenID>, maximumTokens: Int, stopStrings: StopStrings? = nil
  ) {
    self.endTokens = endTokens
    self.maximumTokens = maximumTokens
    self.stopStrings = stopStrings
  }

  /// Whether a pass that could settle more than `tokens` may do so, `generated` being there.
  func accepts(_ tokens: [TokenID], generated: Int) -> Bool {
    generated + tokens.count < maximumTokens && !(tokens.last.map(endTokens.contains) ?? false)
  }
}

/// Strings before which a text ends. They may begin and end inside tokens.
public struct StopStrings: Sendable {
  /// The strings, none of them empty.
  public let strings: [String]
  /// What makes text of tokens.
  public let tokenizer: Tokenizer

  /// Checked strings.
  /// - Throws: `LookaheadError.emptyStopString`.
  public init(_ strings: [String], tokenizer: Tokenizer) throws {
    if strings.contains(where: \.isEmpty) { throw LookaheadError.emptyStopString }
    self.strings = strings
    self.tokenizer = tokenizer
  }
}
