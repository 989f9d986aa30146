import Llama
import Tensor

/// Logits processors, then a choice: the largest logit, or a draw from the distribution.
///
/// A draw inverts the cumulative distribution at the uniform number of (seed, position). The token at a
/// position is therefore a function of seed, text and logits, the same in plain and lookahead decoding,
/// with the distribution of the processed logits.
public struct SamplingSelector: TokenSelector {
  /// How a token is chosen from processed logits.
  public enum Choice: Equatable, Sendable {
    /// The token with the largest logit; of several the one with the lowest id.
    case largest
    /// A draw from the softmax of the logits.
    case drawn(seed: UInt64)
  }

  /// Applied in this order.
  public let processors: [any LogitsProcessor]
  public let choice: Choice

  public init(processors: [any LogitsProcessor], choice: Choice) {
    self.processors = processors
    self.choice = choice
  }

  public init(_ configuration: SamplingConfiguration) {
    self.init(processors: configuration.processors, choice: configuration.choice)
  }

  public var isGreedy: Bool { processors.isEmpty && choice == .largest }

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
