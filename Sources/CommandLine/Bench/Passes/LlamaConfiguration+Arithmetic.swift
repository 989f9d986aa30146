import Llama

extension LlamaConfiguration {
  /// Floating-point operations of one pass over `rows` rows, each of which sees `context` cached
  /// tokens and the rows before, with the logits of all rows.
  ///
  /// Counted are the matrix products, two operations for each weight and row, and in attention two
  /// for each query head, element of the head and visible key, once for the scores and once for the
  /// sum of the values. Norms, rotation, softmax and gating are not: all together less than 1%.
  func operations(rows: Int, context: Int) -> Double {
    let queryWidth = attentionHeads * headDim
    let attention = hiddenSize * (2 * queryWidth + 2 * kvHeads * headDim)
    let feedForward = 3 * hiddenSize * intermediateSize
    let weights = layerCount * (attention + feedForward) + vocabularySize * hiddenSize
    let visibleKeys = (0..<layerCount).reduce(0) { sum, layer in
      sum + self.visibleKeys(rows: rows, context: context, window: self.layer(layer).window)
    }
    return 2 * Double(weights) * Double(rows) + 4 * Double(queryWidth) * Double(visibleKeys)
  }

  private func visibleKeys(rows: Int, context: Int, window: Int?) -> Int {
    guard let window else { return rows * context + rows * (rows + 1) / 2 }
    return (1...max(1, rows)).reduce(0) { $0 + min(window, context + $1) }
  }
}
