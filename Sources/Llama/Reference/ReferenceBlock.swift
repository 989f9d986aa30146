import Tensor

/// The parameters of a pass that are the same for all blocks.
struct ReferencePass {
  let configuration: LlamaConfiguration
  /// The frequencies of each rotation that some layer has.
  let rotaries: [LayerRotation: RotaryEmbedding]
  let positions: [Int]
  /// The keys that each row attends to, in position order, in layers without a window and in those of
  /// each window.
  let visible: [[Int]]
  let visibleInWindow: [Int: [[Int]]]
  /// The blocks, from 1, whose attention weights are to be shown.
  let shownAttention: Set<Int>
  /// Applied to the result of every operation.
  let rounding: ReferenceRounding
}

/// One block in Double: attention, then the feed-forward network, each added to the residual stream.
/// The fast one is `TransformerBlock`, where the shapes are.
struct ReferenceBlock: Sendable {
  let attentionNorm: [Float]?
  /// `[attentionHeads * headDim, hiddenSize]`.
  let query: ReferenceLinear
  /// `[kvHeads * headDim, hiddenSize]` each.
  let key, value: ReferenceLinear
  let queryNorm, keyNorm: [Float]?
  /// `[hiddenSize, attentionHeads * headDim]`.
  let attentionOutput: ReferenceLinear
  let attentionOutputNorm: [Float]?
  let feedForwardNorm: [Float]?
  /// `[intermediateSize, hiddenSize]` each.
  let gate, up: ReferenceLinear
  /// `[hiddenSize, intermediateSize]`.
  let down: ReferenceLinear
  let feedForwardOutputNorm: [Float]?

  /// Adds the outputs to the residual stream `hidden`, `[tokens][hiddenSize]`, in place.
  /// - Returns: attention weights, `[tokens][attentionHeads][cachedCount + tokens]`, if the pass is to
  ///   show those of this block, else none.
  func forward(
    _ hidden: inout [[Double]], layer: Int, pass: ReferencePass, cache: inout ReferenceCache
  ) -> [[[Double]]] {
    let configuration = pass.configuration
    let (variant, kind) = (configuration.variant, configuration.layer(layer))
    let rounded = pass.rounding
    let epsilon = Double(configuration.rmsNormEpsilon)
    let headDim = configuration.headDim
    func norm(_ x: [Double], _ weight: [Float]?) -> [Double] {
      weight.map { rounded(rmsNorm(x, weight: $0, epsilon: epsilon)) } ?? x
    }
    /// Each part of `weight.count` features by itself.
    func normParts(_ x: [Double], _ weight: [Float]?) -> [Double] {
      guard let weight else { return x }
      return heads(x, headDim: weight.count).flatMap { norm($0, weight) }
    }
    func add(_ output: [Double], to row: Int) {
      hidden[row] = rounded(sum(hidden[row], output.map { $0 * variant.residualMultiplier }))
    }

    // Every row's query, key and value; queries and keys are rotated by the row's position.
    var queries: [[[Double]]] = []
    for (row, position) in pass.positions.enumerated() {
      let x = norm(hidden[row], attentionNorm)
      let turned = { (head: [Double]) in
        guard let rotary = pass.rotaries[kind.rotation] else { return head }
        return rounded(rotate(head, position: position, rotary))
      }
      queries.append(heads(normParts(rounded(query(x)), queryNorm), headDim: headDim).map(turned))
      cache.append(
        keys: heads(normParts(rounded(key(x)), keyNorm), headDim: headDim).map(turned),
        values: heads(rounded(value(x)), headDim: headDim), layer: layer)
    }

    // Each row attends to its visible keys and sums their values by its attention weights.
    let (keys, values) = (cache.keys[layer], cache.values[layer])
    var shown: [[[Double]]] = []
    let isShown = pass.shownAttention.contains(layer + 1)
    let visibleKeys = kind.window.flatMap { pass.visibleInWindow[$0] } ?? pass.visible
    let scale = variant.attentionScale ?? 1 / Double(headDim).squareRoot()
    for (row, visible) in visibleKeys.enumerated() {
      var attended: [Double] = []
      if isShown { shown.append([]) }
      for head in 0..<configuration.attentionHeads {
        // Neighbouring query heads share a kv head.
        let kvHead = head / (configuration.attentionHeads / configuration.kvHeads)
        let weights = rounded(
          attentionWeights(
            query: queries[row][head], keys: visible.map { keys[$0][kvHead] }, scale: scale,
            cap: variant.attentionCap))
        attended += rounded(weightedSum(weights, of: visible.map { values[$0][kvHead] }))
        if !isShown { continue }
        var ofAllKeys = [Double](repeating: 0, count: keys.count)
        for (key, weight) in zip(visible, weights) { ofAllKeys[key] = weight }
        shown[row].append(ofAllKeys)
      }
      add(norm(rounded(attentionOutput(attended)), attentionOutputNorm), to: row)
    }

    for row in hidden.indices {
      let x = norm(hidden[row], feedForwardNorm)
      let activated = rounded(
        gated(variant.activation, gate: rounded(gate(x)), up: rounded(up(x))))
      add(norm(rounded(down(activated)), feedForwardOutputNorm), to: row)
    }
    return shown
  }

  /// A row of features cut into heads, `[count / headDim][headDim]`.
  private func heads(_ features: [Double], headDim: Int) -> [[Double]] {
    stride(from: 0, to: features.count, by: headDim).map { Array(features[$0..<$0 + headDim]) }
  }
}
