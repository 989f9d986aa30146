import Tensor

/// What a model of this configuration needs, before any of it is loaded.
///
/// The products cannot overflow in a configuration that `validated(path:)` let pass.
extension LlamaConfiguration {
  /// Weights and biases; a tied output head is counted once.
  public var parameterCount: Int {
    WeightName.all(in: self).reduce(0) { sum, name in
      sum + name.shape(in: self).reduce(1, *)
    }
  }

  public var float32WeightBytes: Int { parameterCount * MemoryLayout<Float>.size }

  /// Bytes of one position's keys and values, in all layers:
  /// `layerCount · 2 · kvHeads · headDim` numbers of the format.
  public func cacheBytesPerToken(as format: KeyValueFormat) -> Int {
    layerCount * 2 * kvHeads * headDim * format.bytesPerNumber
  }
}
