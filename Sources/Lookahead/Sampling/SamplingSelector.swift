import Llama
import Tensor

/// Logits processors, then a choice: the largest logit, or a draw from the distribution.
///
/// A draw takes the uniform number that belongs to (seed, position) and inverts the cumulative
/// distribution there. The token at a position is therefore a function of seed, text and logits:
/// the same in plain and in lookahead decoding, token for token, and distributed as the processed
/// logits say.
public struct SamplingSelector: TokenSelector {
  /// How a token is chosen from processed logits.
  public enum Choice: Equatable, Sendable {
    /// The one with the largest logit; of several the one with the lowest id.
    case largest
    /// A draw from the softmax of the logits.
    case drawn(seed: UInt64)
  }

  /// What is done to the logits, in this order.
  public let processors: [any LogitsProcessor]
  /// How a token is chosen then.
  public let choice: Choice

  /// A selector with processors of the caller's choice.
  public init(processors: [any LogitsProcessor], choice: Choice) {
    self.processors = processors
    self.choice = choice
  }

  /// The usual processors, in the usual order.
  public init(_ configuration: SamplingConfiguration) {
    self.init(processors: configuration.processors, choice: configuration.choice)
  }

  /// Whether nothing changes the logits and nothing is drawn.
  public var isGreedy: Bool { processors.isEmpty && choice == .largest }

  /// The token that follows `prefix`.
  public func select(from logits: Matrix, row: Int, after prefix: TextPrefix) throws -> TokenID {
    let position = prefix.count
    try logits.checkLogits(row: row, position: position)
    if isGreedy {
      return try logits.largestLogit(row: row, position: position)
    }
    var processed = Array(logits.row(row))
    for processor in processors {
      try processor.process(&processed, after: prefix)
      precondition(
        processed.count == logits.columns,
        "\(type(of: processor)) made \(processed.count) logits of \(logits.columns)")
      try Matrix(rows: 1, columns: processed.count, elements: processed)
        .checkLogits(row: 0, position: position)
    }
    switch choice {
    case .largest:
      return try Matrix(rows: 1, columns: processed.count, elements: processed)
        .largestLogit(row: 0, position: position)
    case .drawn(let seed):
      return try TokenDistribution(processed, position: position)
        .token(at: PositionalRandom(seed: seed).uniform(at: position))
    }
  }
}
