import Tensor

public enum NonFiniteOrigin: Equatable, Sendable, CustomStringConvertible {
  case embedding(token: TokenID, position: Int)
  /// The residual stream after a block, counted from 0.
  case block(layer: Int, position: Int)
  /// The last norm and the output head, whose input is finite.
  case outputHead(position: Int)

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

  /// The origin in a row whose hidden state is not finite after some layers, 0 being the embedding.
  package init(afterLayers layers: Int, token: TokenID, position: Int) {
    self =
      layers == 0
      ? .embedding(token: token, position: position)
      : .block(layer: layers - 1, position: position)
  }
}

extension LlamaModel {
  /// Reads a text once more, from its beginning, and examines the hidden states after each layer.
  ///
  /// - Parameter text: token ids; the logits behind the last are examined too.
  /// - Returns: the first place, passes of 128 tokens in turn and in each the lowest layer, where a
  ///   number is not finite; nil if all are.
  /// - Throws: `LlamaError` if the model cannot read the text.
  public func originOfNonFinite(in text: [TokenID]) throws -> NonFiniteOrigin? {
    try firstOrigin(in: text) { pass, cache, inspect in
      try forward(
        tokens: pass.tokens, positions: pass.positions, mask: pass.mask, logitRows: pass.logitRows,
        cache: &cache
      ) { inspect($0.layer, $0.hidden.firstNonFiniteRow) }.firstNonFiniteRow == nil
    }
  }
}

extension ReferenceModel {
  public func originOfNonFinite(in text: [TokenID]) throws -> NonFiniteOrigin? {
    try firstOrigin(in: text) { pass, cache, inspect in
      try forward(
        tokens: pass.tokens, positions: pass.positions, mask: pass.mask, logitRows: pass.logitRows,
        cache: &cache
      ) { (state: ReferenceLayer) in
        inspect(state.layer, state.firstNonFiniteRow)
      }.joined().allSatisfy(\.isFinite)
    }
  }
}

extension CausalLanguageModel {
  /// Reads a text in passes until one has a place where numbers are not finite.
  /// - Parameter pass: a forward pass that reports the first non-finite row after each layer, and
  ///   returns whether its logits are finite.
  fileprivate func firstOrigin(
    in text: [TokenID],
    _ pass: (
      _ request: PassRequest, _ cache: inout Cache, _ inspect: (_ layer: Int, _ row: Int?) -> Void
    ) throws -> Bool
  ) throws -> NonFiniteOrigin? {
    var cache = makeCache()
    for start in stride(from: 0, to: text.count, by: 128) {
      let tokens = Array(text[start...].prefix(128))
      let last = start + tokens.count - 1
      var origin: NonFiniteOrigin?
      let request = PassRequest(
        causal: tokens, cachedCount: start,
        logitRows: last == text.count - 1 ? [tokens.count - 1] : [])
      let hasFiniteLogits = try pass(request, &cache) { layer, row in
        guard origin == nil, let row else { return }
        origin = NonFiniteOrigin(afterLayers: layer, token: tokens[row], position: start + row)
      }
      if origin != nil { return origin }
      if !hasFiniteLogits { return .outputHead(position: last) }
      try cache.keep(newRows: Array(tokens.indices))
    }
    return nil
  }
}

extension Matrix {
  package var firstNonFiniteRow: Int? {
    (0..<rows).first { row in self.row(row).contains { !$0.isFinite } }
  }
}

extension ReferenceLayer {
  package var firstNonFiniteRow: Int? {
    hidden.firstIndex { row in row.contains { !$0.isFinite } }
  }
}
