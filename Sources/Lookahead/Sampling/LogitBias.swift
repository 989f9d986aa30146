import Llama

/// Adds to the logits of chosen tokens: -∞ forbids one.
public struct LogitBias: LogitsProcessor {
  /// What is added, by token.
  public let biases: [TokenID: Float]

  /// A bias on some tokens.
  public init(_ biases: [TokenID: Float]) { self.biases = biases }

  /// Adds the biases.
  /// - Throws: `LookaheadError.biasOutsideVocabulary`.
  public func process(_ logits: inout [Float], after prefix: TextPrefix) throws {
    for (token, bias) in biases {
      guard logits.indices.contains(token) else {
        throw LookaheadError.biasOutsideVocabulary(token: token, vocabularySize: logits.count)
      }
      logits[token] += bias
    }
  }
}
