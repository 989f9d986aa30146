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
    _ hidden: inout Matrix, layer: Int, pass: ForwardPass, cache: inout KVCache
  ) -> Matrix? {
    let configuration = pass.configuration
    let executor = pass.executor
    let residual = Float(configuration.variant.residualMultiplier)
    let kind = configuration.layer(layer)
    let visible = pass.visible(window: kind.window)

    var heads = queryKeyValue(pass.norm(hidden, attentionNorm), on: executor)
    let keyColumn = configuration.attentionHeads * configuration.headDim
    let valueColumn = keyColumn + configuration.kvHeads * configuration.headDim
    for (norm, columns) in [
      (queryNorm, 0..<keyColumn), (keyNorm, keyColumn..<valueColumn),
    ] {
      guard let norm else { continue }
      rmsNormParts(
        &heads, from: columns.lowerBound, count: columns.count / norm.count, weight: norm,
        epsilon: configuration.rmsNormEpsilon, on: executor)
    }
    // Queries and keys are neighbours, so one call rotates both.
    if let angles = pass.angles[kind.rotation] {
      rotate(
        &heads, heads: configuration.attentionHeads + configuration.kvHeads,
        headDim: configuration.headDim, cosines: angles.cosines, sines: angles.sines, on: executor)
    }
    cache.write(heads, keyColumn: keyColumn, valueColumn: valueColumn, layer: layer)
    let rule = configuration.scoreRule
    let attended = attention(
      queries: heads, heads: configuration.attentionHeads, store: cache.store, layer: layer,
      visible: visible, rule: rule, on: executor)
    let shown =
      pass.shownAttention.contains(layer + 1)
      ? attentionWeights(
        queries: heads, heads: configuration.attentionHeads, store: cache.store, layer: layer,
        visible: visible, keys: cache.count + hidden.rows, rule: rule, on: executor) : nil
    hidden.add(
      pass.norm(attentionOutput(attended, on: executor), attentionOutputNorm), times: residual)

    let gateUp = gateUp(pass.norm(hidden, feedForwardNorm), on: executor)
    let fed = down(gated(configuration.variant.activation, gateUp, on: executor), on: executor)
    hidden.add(pass.norm(fed, feedForwardOutputNorm), times: residual)
    return shown
  }
}

/// The parameters of a pass that are the same for all blocks.
struct ForwardPass {
  let configuration: LlamaConfiguration
  let executor: Executor
  /// Rotary angles of the rows, `[tokens, rotaryDim / 2]`, of each rotation that some layer has.
  let angles: [LayerRotation: (cosines: Matrix, sines: Matrix)]
  /// The keys that each row attends to, in position order, in layers without a window and in those of
  /// each window.
  let visible: [VisibleKeys]
  let visibleInWindow: [Int: [VisibleKeys]]
  /// The blocks, from 1, whose attention weights are to be shown.
  let shownAttention: Set<Int>

  func visible(window: Int?) -> [VisibleKeys] {
    window.flatMap { visibleInWindow[$0] } ?? visible
  }

  /// RMSNorm by these scales; without them `x` itself.
  func norm(_ x: Matrix, _ weight: [Float]?) -> Matrix {
    guard let weight else { return x }
    return rmsNorm(x, weight: weight, epsilon: configuration.rmsNormEpsilon, on: executor)
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
