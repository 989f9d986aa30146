import Llama

/// Changes the logits of one position before a token is chosen from them: penalises, forbids,
/// sharpens.
///
/// Works under lookahead decoding as in plain decoding, since it sees the same text in both: a
/// position is decided after all that stand before it, candidates that were accepted in the same
/// pass among them.
public protocol LogitsProcessor: Sendable {
  /// Changes the logits in place. Must be a function of its arguments alone.
  /// - Parameters:
  ///   - logits: `[vocabularySize]`, the model's or what earlier processors made of them; -∞
  ///     forbids a token. The number of them must stay the same.
  ///   - prefix: the text before the token to be chosen, whose position is `prefix.count`.
  /// - Throws: whatever makes it impossible; it ends the generation.
  func process(_ logits: inout [Float], after prefix: TextPrefix) throws
}
