/// The parts of a model's use that its memory depends on.
public struct ModelUse: Equatable, Sendable {
  /// Positions of the longest text.
  public var tokens: Int
  /// Rows of the largest pass.
  public var rows: Int
  /// Rows of that pass whose logits are wanted.
  public var logitRows: Int
  /// Numbers that are kept until that pass is over: hidden states and attention weights to be shown.
  public var shown: Int
  /// Keys listed one by one in the mask: those of rows whose visible keys are no prefix.
  public var listedKeys: Int
  /// Caches in which these tokens are; each ends in a block that is not full.
  public private(set) var texts = 1
  /// Bytes that a decoder stores beside the model, such as an index of drafts.
  public var draftBytes = 0

  public init(tokens: Int, rows: Int, logitRows: Int, shown: Int = 0, listedKeys: Int = 0) {
    self.tokens = tokens
    self.rows = rows
    self.logitRows = logitRows
    self.shown = shown
    self.listedKeys = listedKeys
  }

  /// The use of so many such texts at once.
  public func times(_ texts: Int) -> ModelUse {
    var use = ModelUse(
      tokens: tokens.times(texts), rows: rows.times(texts), logitRows: logitRows.times(texts),
      shown: shown.times(texts), listedKeys: listedKeys.times(texts))
    use.draftBytes = draftBytes.times(texts)
    use.texts = self.texts.times(texts)
    return use
  }

  static let onePass = ModelUse(tokens: 0, rows: 1, logitRows: 1)

  /// The use by a decoder.
  /// - Parameters:
  ///   - prompt: tokens of the prompt.
  ///   - maximumTokens: the most tokens generated.
  ///   - contextLimit: positions that may be used.
  ///   - prefillChunk: tokens of the prompt in one pass.
  ///   - pass: rows of the largest decoding step, all with logits; the last pass of the prefill may have
  ///     as many more.
  public static func decoding(
    prompt: Int, maximumTokens: Int, contextLimit: Int, prefillChunk: Int, pass: Int
  ) -> ModelUse {
    ModelUse(
      tokens: min(contextLimit, prompt + min(maximumTokens, contextLimit)),
      rows: min(prefillChunk, prompt) + pass, logitRows: pass)
  }
}
