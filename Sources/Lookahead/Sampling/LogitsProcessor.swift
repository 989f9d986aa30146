/// Changes the logits of one position before a token is chosen from them.
///
/// Its input is the same in lookahead and plain decoding: the token of a position is chosen after all
/// tokens before it, including those accepted in the same pass.
public protocol LogitsProcessor: Sendable {
  /// Changes the logits in place. Must be a function of its arguments alone. An error ends the
  /// generation.
  /// - Parameters:
  ///   - logits: `[vocabularySize]`, the output of the model or of the processor before; -∞ forbids a
  ///     token. The count must stay the same.
  ///   - prefix: the text before the token to be chosen, whose position is `prefix.count`.
  func process(_ logits: inout [Float], after prefix: TextPrefix) throws
}
