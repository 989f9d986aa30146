import Tensor

/// One block: attention, then the feed-forward network, each on a normalised copy of the residual
/// stream and added back to it.
struct TransformerBlock: Sendable {
  /// Scales of the norm before attention, `[hiddenSize]`.
  let attentionNorm: [Float]
  /// Query, key and value projections, one below the other,
  /// `[(attentionHeads + 2 * kvHeads) * headDim, hiddenSize]`.
  let queryKeyValue: LinearLayer
  /// The projection back, `[hiddenSize, attentionHeads * headDim]`.
  let attentionOutput: LinearLayer
  /// Scales of the norm before the feed-forward network, `[hiddenSize]`.
  let feedForwardNorm: [Float]
  /// Gate and up projections, one below the other, `[2 * intermediateSize, hiddenSize]`.
  let gateUp: LinearLayer
  /// The projection back, `[hiddenSize, intermediateSize]`.
  let down: LinearLayer

  /// Adds the outputs to the residual stream `hidden`, `[tokens, hiddenSize]`, in place.
  /// - Returns: attention weights, `[tokens, attentionHeads * (cachedCount + tokens)]`, if the pass is
  ///   to show those of this block.
  func forward(
    _ hidden: inout Matrix, layer: Int, pass: ForwardPass, cache: inout KVCache
  ) -> Matrix? {
    let configuration = pass.configuration
    let executor = pass.executor

    var x = rmsNorm(
      hidden, weight: attentionNorm, epsilon: configuration.rmsNormEpsilon, on: executor)
    var heads = queryKeyValue(x, on: executor)
    // Queries and keys are neighbours, so one call rotates both.
    rotate(
      &heads, heads: configuration.attentionHeads + configuration.kvHeads,
      headDim: configuration.headDim, cosines: pass.cosines, sines: pass.sines, on: executor)
    let keyColumn = configuration.attentionHeads * configuration.headDim
    let valueColumn = keyColumn + configuration.kvHeads * configuration.headDim
    cache.write(heads, keyColumn: keyColumn, valueColumn: valueColumn, layer: layer)
    let attended = attention(
      queries: heads, heads: configuration.attentionHeads, store: cache.store, layer: layer,
      visible: pass.visible, on: executor)
    let shown =
      pass.shownAttention.contains(layer + 1)
      ? attentionWeights(
        queries: heads, heads: configuration.attentionHeads, store: cache.store, layer: layer,
        visible: pass.visible, keys: cache.count + hidden.rows, on: executor) : nil
    hidden.add(attentionOutput(attended, on: executor))

    x = rmsNorm(
      hidden, weight: feedForwardNorm, epsilon: configuration.rmsNormEpsilon, on: executor)
    hidden.add(down(swiGLU(gateUp(x, on: executor), on: executor), on: executor))
    return shown
  }
}

/// The parameters of a pass that are the same for all blocks.
struct ForwardPass {
  let configuration: LlamaConfiguration
  let executor: Executor
  /// Rotary angles of the rows, `[tokens, headDim / 2]`.
  let cosines: Matrix
  let sines: Matrix
  /// The keys that each row attends to, in position order.
  let visible: [VisibleKeys]
  /// The blocks, from 1, whose attention weights are to be shown.
  let shownAttention: Set<Int>
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
