import Tensor

/// One block: attention, then the feed-forward network, each added to the residual stream. Norms stand
/// on their inputs, on their outputs or on both (`ModelVariant.normPlacement`).
struct TransformerBlock: Sendable {
  /// Scales of the norm before attention, `[hiddenSize]`, if there is one.
  let attentionNorm: [Float]?
  /// Query, key and value projections, one below the other,
  /// `[(attentionHeads + 2 * kvHeads) * headDim, hiddenSize]`.
  let queryKeyValue: LinearLayer
  /// Scales of the norms of queries and of keys, if there are any.
  let queryNorm, keyNorm: [Float]?
  /// The projection back, `[hiddenSize, attentionHeads * headDim]`.
  let attentionOutput: LinearLayer
  /// Scales of the norm behind attention, `[hiddenSize]`, if there is one.
  let attentionOutputNorm: [Float]?
  /// Scales of the norm before the feed-forward network, `[hiddenSize]`, if there is one.
  let feedForwardNorm: [Float]?
  /// Gate and up projections, one below the other, `[2 * intermediateSize, hiddenSize]`.
  let gateUp: LinearLayer
  /// The projection back, `[hiddenSize, intermediateSize]`.
  let down: LinearLayer
  /// Scales of the norm behind the feed-forward network, `[hiddenSize]`, if there is one.
  let feedForwardOutputNorm: [Float]?

  /// Adds the outputs to the residual stream `hidden`, `[tokens, hiddenSize]`, in place.
  /// - Returns: attention weights, `[tokens, attentionHeads * (cachedCount + tokens)]`, if the pass is
  ///   to show those of this block.
  func forward(
    _ hidden: inout Matrix, layer: Int, pass: ForwardPass, text: TextView, cache: inout KVCache
  ) -> Matrix? {
    let heads = queriesKeysValues(hidden, layer: layer, pass: pass)
    store(heads, of: text, layer: layer, pass: pass, in: &cache)
    let attended = attend(heads, [(text, cache.store)], layer: layer, pass: pass)
    let shown =
      text.shownAttention.contains(layer + 1)
      ? attentionWeights(
        queries: heads, heads: pass.configuration.attentionHeads, store: cache.store, layer: layer,
        visible: text.visible(pass.configuration.layer(layer)), keys: cache.count + hidden.rows,
        rule: pass.configuration.scoreRule, on: pass.executor) : nil
    finish(&hidden, attended: attended, pass: pass)
    return shown
  }

  /// The same over the rows of several texts, one text behind the other: the products are over all rows,
  /// attention is text by text.
  func forward(
    _ hidden: inout Matrix, layer: Int, pass: ForwardPass, texts: [TextView],
    caches: inout [KVCache]
  ) {
    let heads = queriesKeysValues(hidden, layer: layer, pass: pass)
    for (index, text) in texts.enumerated() {
      store(heads, of: text, layer: layer, pass: pass, in: &caches[index])
    }
    let attended = attend(
      heads, zip(texts, caches).map { ($0, $1.store) }, layer: layer, pass: pass)
    finish(&hidden, attended: attended, pass: pass)
  }

  /// Queries, keys and values of all rows, normalised and rotated,
  /// `[tokens, (attentionHeads + 2 * kvHeads) * headDim]`.
  private func queriesKeysValues(_ hidden: Matrix, layer: Int, pass: ForwardPass) -> Matrix {
    let configuration = pass.configuration
    var heads = queryKeyValue(pass.norm(hidden, attentionNorm), on: pass.executor)
    for (norm, columns) in [
      (queryNorm, 0..<configuration.keyColumn),
      (keyNorm, configuration.keyColumn..<configuration.valueColumn),
    ] {
      guard let norm else { continue }
      rmsNormParts(
        &heads, from: columns.lowerBound, count: columns.count / norm.count, weight: norm,
        epsilon: configuration.rmsNormEpsilon, on: pass.executor)
    }
    // Queries and keys are neighbours, so one call rotates both.
    if let angles = pass.angles[configuration.layer(layer).rotation] {
      rotate(
        &heads, heads: configuration.attentionHeads + configuration.kvHeads,
        headDim: configuration.headDim, cosines: angles.cosines, sines: angles.sines,
        on: pass.executor)
    }
    return heads
  }

  /// Stores keys and values of a text's rows.
  private func store(
    _ heads: Matrix, of text: TextView, layer: Int, pass: ForwardPass, in cache: inout KVCache
  ) {
    cache.write(
      heads, rows: text.rows, keyColumn: pass.configuration.keyColumn,
      valueColumn: pass.configuration.valueColumn, layer: layer)
  }

  /// Each row's attention to the keys that it sees, `[tokens, attentionHeads * headDim]`.
  private func attend(
    _ heads: Matrix, _ texts: [(TextView, KeyValueStore)], layer: Int, pass: ForwardPass
  ) -> Matrix {
    let kind = pass.configuration.layer(layer)
    return attention(
      queries: heads, heads: pass.configuration.attentionHeads,
      texts: texts.map { text, store in
        AttendingRows(rows: text.rows, store: store, visible: text.visible(kind))
      }, layer: layer, rule: pass.configuration.scoreRule, on: pass.executor)
  }

  /// Adds the projection of what was attended to, then the feed-forward network's output.
  private func finish(_ hidden: inout Matrix, attended: Matrix, pass: ForwardPass) {
    let variant = pass.configuration.variant
    let residual = Float(variant.residualMultiplier)
    let projected = attentionOutput(attended, on: pass.executor)
    hidden.add(pass.norm(projected, attentionOutputNorm), times: residual)
    let gateUp = gateUp(pass.norm(hidden, feedForwardNorm), on: pass.executor)
    let fed = down(
      gated(variant.activation, gateUp, on: pass.executor), on: pass.executor)
    hidden.add(pass.norm(fed, feedForwardOutputNorm), times: residual)
  }
}

extension LlamaConfiguration {
  /// Where the keys begin in a row of queries, keys and values.
  fileprivate var keyColumn: Int { attentionHeads * headDim }
  fileprivate var valueColumn: Int { keyColumn + kvHeads * headDim }
}

/// The parameters of a pass that are the same for all blocks and texts.
struct ForwardPass {
  let configuration: LlamaConfiguration
  let executor: Executor
  /// Rotary angles of the rows, `[tokens, rotaryDim / 2]`, of each rotation that some layer has.
  let angles: [LayerRotation: (cosines: Matrix, sines: Matrix)]

  /// RMSNorm by these scales; without them `x` itself.
  func norm(_ x: Matrix, _ weight: [Float]?) -> Matrix {
    guard let weight else { return x }
    return rmsNorm(x, weight: weight, epsilon: configuration.rmsNormEpsilon, on: executor)
  }
}

/// The rows of one text in a pass, and what each of them sees.
struct TextView {
  let rows: Range<Int>
  /// The keys that each row attends to, in position order, in layers without a window and in those of
  /// each window.
  private let visible: [VisibleKeys]
  private let visibleInWindow: [Int: [VisibleKeys]]
  /// The blocks, from 1, whose attention weights are to be shown.
  let shownAttention: Set<Int>

  /// - Throws: `LlamaError` if the request does not fit itself, the model or the cache.
  init(
    _ request: PassRequest, from first: Int, _ cache: KVCache, format: KeyValueFormat,
    of configuration: LlamaConfiguration, shownAttention: Set<Int> = []
  ) throws {
    try configuration.checkPass(
      tokens: request.tokens, positions: request.positions, mask: request.mask,
      logitRows: request.logitRows, cachedCount: cache.count)
    guard cache.isFor(configuration, format: format) else { throw LlamaError.cacheOfOtherModel }
    let keys = try configuration.visibleKeys(
      request.mask, positions: cache.positions + request.positions)
    rows = first..<first + request.tokens.count
    (visible, visibleInWindow) = keys
    self.shownAttention = shownAttention
  }

  func visible(_ layer: LayerVariant) -> [VisibleKeys] {
    layer.window.flatMap { visibleInWindow[$0] } ?? visible
  }
}

/// `y = x · Wᵀ + bias`.
struct LinearLayer: Sendable {
  let weights: LinearWeights
  /// One number for each output, or none at all.
  let bias: [Float]?

  func callAsFunction(_ x: Matrix, on executor: Executor) -> Matrix {
    var y = product(x, weights, on: executor)
    if let bias { y.addToEachRow(bias) }
    return y
  }
}
