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

  /// What is said of a row whose hidden state is not finite after some layers, 0 being the embedding.
  package init(afterLayers layers: Int, token: TokenID, position: Int) {
    self =
      layers == 0
      ? .embedding(token: token, position: position)
      : .block(layer: layers - 1, position: position)
  }
}

extension LlamaModel {
  /// Reads a text once more, from its beginning, and looks at the hidden states after each layer.
  ///
  /// - Parameter text: token ids; their logits behind the last are looked at too.
  /// - Returns: the first place, passes of 128 tokens in turn and in each the lowest layer, where a
  ///   number is not finite; nothing if all are.
  /// - Throws: `LlamaError` if the model cannot read the text.
  public func originOfNonFinite(in text: [TokenID]) throws -> NonFiniteOrigin? {
    try firstOrigin(in: text) { part, cache in
      var place: (layer: Int, row: Int)?
      let logits = try forward(
        tokens: part.tokens, positions: part.positions, mask: part.mask, logitRows: part.logitRows,
        cache: &cache
      ) { state in
        if place == nil, let row = state.hidden.firstNonFiniteRow { place = (state.layer, row) }
      }
      return part.origin(place, hasFiniteLogits: logits.firstNonFiniteRow == nil)
    }
  }
}

extension ReferenceModel {
  /// The same of the reference; see `LlamaModel.originOfNonFinite(in:)`.
  public func originOfNonFinite(in text: [TokenID]) throws -> NonFiniteOrigin? {
    try firstOrigin(in: text) { part, cache in
      var place: (layer: Int, row: Int)?
      let logits = try forward(
        tokens: part.tokens, positions: part.positions, mask: part.mask, logitRows: part.logitRows,
        cache: &cache
      ) { (state: ReferenceLayer) in
        if place == nil, let row = state.firstNonFiniteRow { place = (state.layer, row) }
      }
      return part.origin(place, hasFiniteLogits: logits.joined().allSatisfy(\.isFinite))
    }
  }
}

/// A part of a text that one pass of the search reads.
fileprivate struct SearchedPart {
  let tokens: [TokenID]
  let positions: [Int]
  let mask: AttentionMask
  /// The last row of the text, or none.
  let logitRows: [Int]

  static let rows = 128

  init(of text: [TokenID], from start: Int) {
    tokens = Array(text[start..<min(text.count, start + Self.rows)])
    positions = Array(start..<start + tokens.count)
    mask = .causal(cachedCount: start, queries: tokens.count)
    logitRows = start + tokens.count == text.count ? [tokens.count - 1] : []
  }

  /// What a pass has shown.
  func origin(_ place: (layer: Int, row: Int)?, hasFiniteLogits: Bool) -> NonFiniteOrigin? {
    if let (layer, row) = place {
      return NonFiniteOrigin(
        afterLayers: layer, token: tokens[row], position: positions[row])
    }
    return hasFiniteLogits ? nil : .outputHead(position: positions[tokens.count - 1])
  }
}

extension CausalLanguageModel {
  /// Reads a text part by part until one has a place where numbers are not finite.
  fileprivate func firstOrigin(
    in text: [TokenID], _ read: (SearchedPart, inout Cache) throws -> NonFiniteOrigin?
  ) throws -> NonFiniteOrigin? {
    var cache = makeCache()
    for start in stride(from: 0, to: text.count, by: SearchedPart.rows) {
      let part = SearchedPart(of: text, from: start)
      if let origin = try read(part, &cache) { return origin }
      try cache.keep(newRows: Array(part.tokens.indices))
    }
    return nil
  }
}

extension Matrix {
  /// The first row with a number that is NaN or infinite.
  package var firstNonFiniteRow: Int? {
    (0..<rows).first { row in self.row(row).contains { !$0.isFinite } }
  }
}

extension ReferenceLayer {
  /// The first row of the hidden states with a number that is NaN or infinite.
  package var firstNonFiniteRow: Int? {
    hidden.firstIndex { row in row.contains { !$0.isFinite } }
  }
}
