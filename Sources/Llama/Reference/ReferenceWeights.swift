import Tensor

/// `y = x · Wᵀ + bias`, in Double.
struct ReferenceLinear: Sendable {
  /// `[outputs, inputs]`.
  let weights: Matrix
  /// One number for each output, or none at all.
  let bias: [Float]?

  func callAsFunction(_ x: [Double]) -> [Double] {
    let y = product(x, weights)
    return bias.map { sum(y, $0.map(Double.init)) } ?? y
  }
}

extension ReferenceBlock {
  /// The weights of one block.
  init(_ weights: ReferenceWeights, layer: Int) throws {
    attentionNorm = try weights.vector(.layer(layer, .attentionNorm))
    query = try weights.linear(layer, .query, bias: .queryBias)
    key = try weights.linear(layer, .key, bias: .keyBias)
    value = try weights.linear(layer, .value, bias: .valueBias)
    attentionOutput = try weights.linear(layer, .attentionOutput, bias: .attentionOutputBias)
    feedForwardNorm = try weights.vector(.layer(layer, .feedForwardNorm))
    gate = try weights.linear(layer, .gate, bias: .gateBias)
    up = try weights.linear(layer, .up, bias: .upBias)
    down = try weights.linear(layer, .down, bias: .downBias)
  }
}

/// Decodes a checkpoint's tensors to the Floats that they mean. A Float is a Double without any
/// rounding, so they are kept as Floats, in half the memory.
struct ReferenceWeights {
  private let checkpoint: Checkpoint

  init(_ checkpoint: Checkpoint) { self.checkpoint = checkpoint }

  func linear(
    _ layer: Int, _ name: LayerWeightName, bias: LayerWeightName
  ) throws -> ReferenceLinear {
    let hasBias = bias.exists(in: checkpoint.configuration)
    return ReferenceLinear(
      weights: try matrix(.layer(layer, name)),
      bias: hasBias ? try vector(.layer(layer, bias)) : nil)
  }

  func matrix(_ name: WeightName) throws -> Matrix {
    let tensor = try tensor(name)
    return Matrix(rows: tensor.rows, columns: tensor.columns, elements: tensor.decodeAll())
  }

  func vector(_ name: WeightName) throws -> [Float] { try tensor(name).decodeAll() }

  private func tensor(_ name: WeightName) throws -> StoredTensor {
    guard let tensor = checkpoint.tensors[name.huggingFace] else {
      throw CheckpointError.missingTensor(path: checkpoint.path, tensor: name.huggingFace)
    }
    return tensor
  }
}
