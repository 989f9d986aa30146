import Tensor

/// The parameters of a pass that are the same for all blocks.
struct ReferencePass {
  let configuration: LlamaConfiguration
  /// Rotary frequencies, `[headDim / 2]`.
  let frequencies: [Double]
  let positions: [Int]
  /// The keys that each row attends to, in position order.
  let visible: [[Int]]
  /// The blocks, from 1, whose attention weights are to be shown.
  let shownAttention: Set<Int>
}

/// One block in Double: attention, then the feed-forward network, each on a normalised copy of the
/// residual stream and added back to it. The fast one is `TransformerBlock`.
struct ReferenceBlock: Sendable {
  let attentionNorm: [Float]
  /// `[attentionHeads * headDim, hiddenSize]`.
  let query: ReferenceLinear
  /// `[kvHeads * headDim, hiddenSize]` each.
  let key, value: ReferenceLinear
  /// `[hiddenSize, attentionHeads * headDim]`.
  let attentionOutput: ReferenceLinear
  let feedForwardNorm: [Float]
  /// `[intermediateSize, hiddenSize]` each.
  let gate, up: ReferenceLinear
  /// `[hiddenSize, intermediateSize]`.
  let down: ReferenceLinear

  /// Adds the outputs to the residual stream `hidden`, `[tokens][hiddenSize]`, in place.
  /// - Returns: attention weights, `[tokens][attentionHeads][cachedCount + tokens]`, if the pass is to
  ///   show those of this block, else none.
  func forward(
    _ hidden: inout [[Double]], layer: Int, pass: ReferencePass, cache: inout ReferenceCache
  ) -> [[[Double]]] {
    let configuration = pass.configuration
    let epsilon = Double(configuration.rmsNormEpsilon)
    let headDim = configuration.headDim

    // Every row's query, key and value; queries and keys are rotated by the row's position.
    var queries: [[[Double]]] = []
    for (row, position) in pass.positions.enumerated() {
      let x = rmsNorm(hidden[row], weight: attentionNorm, epsilon: epsilon)
      let turned = { rotate($0, position: position, frequencies: pass.frequencies) }
      queries.append(heads(query(x), headDim: headDim).map(turned))
      cache.append(
        keys: heads(key(x), headDim: headDim).map(turned),
        values: heads(value(x), headDim: headDim), layer: layer)
    }

    // Each row attends to its visible keys and sums their values by its attention weights.
    let (keys, values) = (cache.keys[layer], cache.values[layer])
    var shown: [[[Double]]] = []
    let isShown = pass.shownAttention.contains(layer + 1)
    for (row, visible) in pass.visible.enumerated() {
      var attended: [Double] = []
      if isShown { shown.append([]) }
      for head in 0..<configuration.attentionHeads {
        // Neighbouring query heads share a kv head.
        let kvHead = head / (configuration.attentionHeads / configuration.kvHeads)
        let weights = attentionWeights(
          query: queries[row][head], keys: visible.map { keys[$0][kvHead] })
        attended += weightedSum(weights, of: visible.map { values[$0][kvHead] })
        if !isShown { continue }
        var ofAllKeys = [Double](repeating: 0, count: keys.count)
        for (key, weight) in zip(visible, weights) { ofAllKeys[key] = weight }
        shown[row].append(ofAllKeys)
      }
      hidden[row] = sum(hidden[row], attentionOutput(attended))
    }

    for row in hidden.indices {
      let x = rmsNorm(hidden[row], weight: feedForwardNorm, epsilon: epsilon)
      hidden[row] = sum(hidden[row], down(swiGLU(gate: gate(x), up: up(x))))
    }
    return shown
  }

  /// A row of features cut into heads, `[count / headDim][headDim]`.
  private func heads(_ features: [Double], headDim: Int) -> [[Double]] {
    stride(from: 0, to: features.count, by: headDim).map { Array(features[$0..<$0 + headDim]) }
  }
}
