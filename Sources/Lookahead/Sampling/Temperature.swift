import Llama
import Tensor

/// Sharpens the distribution, below 1, or flattens it, above: `(logit - largest logit) /
/// temperature`.
///
/// The largest is subtracted, which changes no probability, so that no temperature, however small,
/// makes a logit infinite.
public struct Temperature: LogitsProcessor {
  /// Above 0; 1 changes no probability.
  public let temperature: Float

  /// A temperature.
  public init(_ temperature: Float) { self.temperature = temperature }

  /// Divides the logits.
  public func process(_ logits: inout [Float], after prefix: TextPrefix) throws {
    let row = Matrix(rows: 1, columns: logits.count, elements: logits)
    let largest = logits[try row.largestLogit(row: 0, position: prefix.count)]
    for token in logits.indices { logits[token] = (logits[token] - largest) / temperature }
  }
}
