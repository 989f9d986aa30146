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
  init(_ checkpoint: Checkpoint, layer: Int, _ rounding: ReferenceRounding) throws {
    func linear(_ part: LayerPart) throws -> ReferenceLinear {
      let hasBias = part.hasBias(in: checkpoint.configuration)
      return ReferenceLinear(
        weights: rounding(try checkpoint.matrix(.layer(layer, part))),
        bias: hasBias ? try checkpoint.vector(.bias(layer, part)).map { rounding($0) } : nil)
    }
    func norm(_ part: LayerPart) throws -> [Float]? {
      try checkpoint.norm(layer, part)?.map { rounding($0) }
    }
    attentionNorm = try norm(.attentionNorm)
    query = try linear(.query)
    key = try linear(.key)
    value = try linear(.value)
    queryNorm = try norm(.queryNorm)
    keyNorm = try norm(.keyNorm)
    attentionOutput = try linear(.attentionOutput)
    attentionOutputNorm = try norm(.attentionOutputNorm)
    feedForwardNorm = try norm(.feedForwardNorm)
    gate = try linear(.gate)
    up = try linear(.up)
    down = try linear(.down)
    feedForwardOutputNorm = try norm(.feedForwardOutputNorm)
  }
}

// A Float is a Double without any rounding, so weights are kept as Floats, in half the memory.
extension Checkpoint {
  func matrix(_ name: WeightName) throws -> Matrix {
    let tensor = try tensor(name)
    return Matrix(rows: tensor.rows, columns: tensor.columns, elements: tensor.decodeAll())
  }
}
