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
    query = try weights.linear(layer, .query)
    key = try weights.linear(layer, .key)
    value = try weights.linear(layer, .value)
    attentionOutput = try weights.linear(layer, .attentionOutput)
    feedForwardNorm = try weights.vector(.layer(layer, .feedForwardNorm))
    gate = try weights.linear(layer, .gate)
    up = try weights.linear(layer, .up)
    down = try weights.linear(layer, .down)
  }
}

/// Decodes a checkpoint's tensors to the Floats that they mean. A Float is a Double without any
/// rounding, so they are kept as Floats, in half the memory.
struct ReferenceWeights {
  private let checkpoint: Checkpoint

  init(_ checkpoint: Checkpoint) { self.checkpoint = checkpoint }

  func linear(_ layer: Int, _ part: LayerPart) throws -> ReferenceLinear {
    let hasBias = part.hasBias(in: checkpoint.configuration)
    return ReferenceLinear(
      weights: try matrix(.layer(layer, part)),
      bias: hasBias ? try vector(.bias(layer, part)) : nil)
  }

  func matrix(_ name: WeightName) throws -> Matrix {
    let tensor = try checkpoint.tensor(name)
    return Matrix(rows: tensor.rows, columns: tensor.columns, elements: tensor.decodeAll())
  }

  func vector(_ name: WeightName) throws -> [Float] { try checkpoint.tensor(name).decodeAll() }
}
