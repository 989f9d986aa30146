import Llama

/// Adds a bias to the logits of tokens; -∞ forbids one.
public struct LogitBias: LogitsProcessor {
  public let biases: [TokenID: Float]

  public init(_ biases: [TokenID: Float]) { self.biases = biases }

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
