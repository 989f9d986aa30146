import Tensor

/// Where in a model numbers appear that are not finite.
public enum NonFiniteOrigin: Equatable, Sendable, CustomStringConvertible {
  /// The vector of a token.
  case embedding(token: TokenID, position: Int)
  /// What a block, counted from 0, adds to the residual stream.
  case block(layer: Int, position: Int)
  /// The last norm and the output head: all that goes in is finite.
  case outputHead(position: Int)

  /// As the end of a sentence.
  public var description: String {
    switch self {
    case .embedding(let token, let position):
      "the vector of token \(token) at position \(position)"
    case .block(let layer, let position):
      "the output of layer \(layer) at position \(position)"
    case .outputHead(let position):
      "the output head at position \(position)"
    }
  }
}

extension LlamaModel {
  /// Rows that one pass of the search reads.
  private static let rowsPerPass = 128

  /// Reads a text once more, from its beginning, and looks at the hidden states after each layer.
  ///
  /// - Parameter text: token ids; their logits behind the last are looked at too.
  /// - Returns: the first place, passes of 128 tokens in turn and in each the lowest layer, where a
  ///   number is not finite; nothing if all are.
  /// - Throws: `LlamaError` if the model cannot read the text.
  public func originOfNonFinite(in text: [TokenID]) throws -> NonFiniteOrigin? {
    var cache = makeCache()
    var origin: NonFiniteOrigin?
    for start in stride(from: 0, to: text.count, by: Self.rowsPerPass) {
      let tokens = Array(text[start..<min(text.count, start + Self.rowsPerPass)])
      let isLast = start + tokens.count == text.count
      let logits = try forward(
        tokens: tokens, positions: Array(start..<start + tokens.count),
        mask: .causal(cachedCount: start, queries: tokens.count),
        logitRows: isLast ? [tokens.count - 1] : [], cache: &cache
      ) { state in
        guard origin == nil, let row = state.hidden.firstNonFiniteRow else { return }
        origin =
          state.layer == 0
          ? .embedding(token: tokens[row], position: start + row)
          : .block(layer: state.layer - 1, position: start + row)
      }
      if let origin { return origin }
      if logits.firstNonFiniteRow != nil { return .outputHead(position: text.count - 1) }
      try cache.keep(newRows: Array(tokens.indices))
    }
    return nil
  }
}

extension Matrix {
  /// The first row with a number that is NaN or infinite.
  fileprivate var firstNonFiniteRow: Int? {
    (0..<rows).first { row in self.row(row).contains { !$0.isFinite } }
  }
}
