/// Where a file has a weight: a tensor, or some rows of one that holds several weights, one below the
/// other.
struct TensorPlace: Equatable {
  let name: String
  /// Rows of the tensor before this weight's.
  let firstRow: Int
  /// All rows of the tensor.
  let rowCount: Int

  /// A tensor of its own.
  init(_ name: String, _ weight: WeightName, in configuration: LlamaConfiguration) {
    self.name = name
    firstRow = 0
    rowCount = weight.shape(in: configuration)[0]
  }

  /// One of the parts that a tensor holds in this order.
  private init(_ name: String, _ part: LayerPart, of parts: [LayerPart], _ rows: (LayerPart) -> Int)
  {
    self.name = name
    firstRow = parts.prefix { $0 != part }.reduce(0) { $0 + rows($1) }
    rowCount = parts.reduce(0) { $0 + rows($1) }
  }

  /// Where a Hugging Face folder has a weight.
  /// - Parameter names: the names of all tensors: a Granite 4 without experts is one of the family
  ///   whose feed-forward network is called shared_mlp.
  static func huggingFace(
    _ weight: WeightName, in configuration: LlamaConfiguration, names: Set<String>
  ) -> TensorPlace {
    let own = TensorPlace(weight.huggingFace(in: configuration), weight, in: configuration)
    guard case .layer(let layer, let part) = weight, !names.contains(own.name) else { return own }
    let block = "model.layers.\(layer)"
    let rows = { (part: LayerPart) in part.shape(in: configuration)[0] }
    switch (configuration.variant.family, part) {
    case (.phi3, .query), (.phi3, .key), (.phi3, .value):
      return TensorPlace(
        "\(block).self_attn.qkv_proj.weight", part, of: [.query, .key, .value], rows)
    case (.phi3, .gate), (.phi3, .up):
      return TensorPlace("\(block).mlp.gate_up_proj.weight", part, of: [.gate, .up], rows)
    case (.granite, .gate), (.granite, .up):
      return TensorPlace(
        "\(block).shared_mlp.input_linear.weight", part, of: [.gate, .up], rows)
    case (.granite, .down):
      return TensorPlace("\(block).shared_mlp.output_linear.weight", weight, in: configuration)
    default: return own
    }
  }

  /// Where a GGUF file has a weight.
  static func gguf(
    _ weight: WeightName, in configuration: LlamaConfiguration, names: Set<String>
  ) -> TensorPlace {
    let own = TensorPlace(weight.gguf, weight, in: configuration)
    guard configuration.variant.family == .phi3, case .layer(let layer, let part) = weight else {
      return own
    }
    let rows = { (part: LayerPart) in part.shape(in: configuration)[0] }
    switch part {
    case .query, .key, .value:
      if names.contains(own.name) { return own }
      return TensorPlace("blk.\(layer).attn_qkv.weight", part, of: [.query, .key, .value], rows)
    case .gate, .up:
      if names.contains(LayerPart.gate.ggufName(layer)) { return own }
      return TensorPlace("blk.\(layer).ffn_up.weight", part, of: [.gate, .up], rows)
    default: return own
    }
  }
}

extension LayerPart {
  fileprivate func ggufName(_ layer: Int) -> String { WeightName.layer(layer, self).gguf }
}
