/// What a model is asked for, as far as its memory depends on it.
public struct ModelUse: Equatable, Sendable {
  /// Positions of the longest text.
  public var tokens: Int
  /// Rows of the largest pass.
  public var rows: Int
  /// Rows whose logits it asks for.
  public var logitRows: Int
  /// Numbers of it that are kept until it is over: hidden states and attention weights to be shown.
  public var shown: Int
  /// Keys that its rows see one by one, where what they see is no beginning of the text.
  public var listedKeys: Int

  /// Passes of so many rows over a text of so many tokens.
  public init(tokens: Int, rows: Int, logitRows: Int, shown: Int = 0, listedKeys: Int = 0) {
    self.tokens = tokens
    self.rows = rows
    self.logitRows = logitRows
    self.shown = shown
    self.listedKeys = listedKeys
  }

  /// The least: a pass of one row.
  static let onePass = ModelUse(tokens: 0, rows: 1, logitRows: 1)

  /// The decoding of a text.
  /// - Parameters:
  ///   - prompt: tokens of the prompt.
  ///   - maximumTokens: tokens that are made of it at the most.
  ///   - contextLimit: positions that may be used.
  ///   - prefillChunk: tokens of the prompt that one pass reads.
  ///   - pass: rows of the largest pass behind it, all with logits; the last of the prompt's may have as
  ///     many more.
  public static func decoding(
    prompt: Int, maximumTokens: Int, contextLimit: Int, prefillChunk: Int, pass: Int
  ) -> ModelUse {
    ModelUse(
      tokens: min(contextLimit, prompt + min(maximumTokens, contextLimit)),
      rows: min(prefillChunk, prompt) + pass, logitRows: pass)
  }
}
