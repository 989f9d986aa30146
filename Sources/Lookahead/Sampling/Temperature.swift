import Tensor

/// `(logit - largest logit) / temperature`. The largest logit is subtracted, which changes no
/// probability, so that a very small temperature does not make a logit infinite.
public struct Temperature: LogitsProcessor {
  /// Above 0; 1 changes no probability.
  public let temperature: Float

  public init(_ temperature: Float) { self.temperature = temperature }

  public func process(_ logits: inout [Float], after prefix: TextPrefix) throws {
    let row = Matrix(rows: 1, columns: logits.count, elements: logits)
    let largest = logits[try row.largestLogit(row: 0, position: prefix.count)]
    for token in logits.indices { logits[token] = (logits[token] - largest) / temperature }
  }
}
