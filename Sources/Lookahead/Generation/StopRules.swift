import Llama

/// When a text ends.
public struct StopRules: Sendable {
  /// Tokens after which the text ends. They are part of the output.
  public var endTokens: Set<TokenID>
  public var maximumTokens: Int
  public var stopStrings: StopStrings?

  public init(
    endTokens: Set<TokenID>, maximumTokens: Int, stopStrings: StopStrings? = nil
  ) {
    self.endTokens = endTokens
    self.maximumTokens = maximumTokens
    self.stopStrings = stopStrings
  }

  /// Whether a pass may accept more tokens after `tokens`.
  /// - Parameter generated: the number of tokens generated before the pass.
  func accepts(_ tokens: [TokenID], generated: Int) -> Bool {
    generated + tokens.count < maximumTokens && !(tokens.last.map(endTokens.contains) ?? false)
  }
}

/// Strings before which a text ends. They may begin and end inside tokens.
public struct StopStrings: Sendable {
  /// The strings, none of them empty.
  public let strings: [String]
  public let tokenizer: Tokenizer

  /// - Throws: `LookaheadError.emptyStopString`.
  public init(_ strings: [String], tokenizer: Tokenizer) throws {
    if strings.contains(where: \.isEmpty) { throw LookaheadError.emptyStopString }
    self.strings = strings
    self.tokenizer = tokenizer
  }
}
