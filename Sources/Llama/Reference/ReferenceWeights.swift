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
  init(_ weights: Checkpoint, layer: Int) throws {
    attentionNorm = try weights.norm(layer, .attentionNorm)
    query = try weights.linear(layer, .query)
    key = try weights.linear(layer, .key)
    value = try weights.linear(layer, .value)
    queryNorm = try weights.norm(layer, .queryNorm)
    keyNorm = try weights.norm(layer, .keyNorm)
    attentionOutput = try weights.linear(layer, .attentionOutput)
    attentionOutputNorm = try weights.norm(layer, .attentionOutputNorm)
    feedForwardNorm = try weights.norm(layer, .feedForwardNorm)
    gate = try weights.linear(layer, .gate)
    up = try weights.linear(layer, .up)
    down = try weights.linear(layer, .down)
    feedForwardOutputNorm = try weights.norm(layer, .feedForwardOutputNorm)
  }
}

// A Float is a Double without any rounding, so weights are kept as Floats, in half the memory.
extension Checkpoint {
  fileprivate func linear(_ layer: Int, _ part: LayerPart) throws -> ReferenceLinear {
    let hasBias = part.hasBias(in: configuration)
    return ReferenceLinear(
      weights: try matrix(.layer(layer, part)),
      bias: hasBias ? try vector(.bias(layer, part)) : nil)
  }

  func matrix(_ name: WeightName) throws -> Matrix {
    let tensor = try tensor(name)
    return Matrix(rows: tensor.rows, columns: tensor.columns, elements: tensor.decodeAll())
  }
}
