/// One parameter tensor of a LLaMA: its names in both kinds of file, and its shape.
public enum WeightName: Hashable, Sendable {
  /// The embedding, `[vocabularySize, hiddenSize]`.
  case embedding
  /// A tensor of one transformer block.
  case layer(Int, LayerWeightName)
  /// Scales of the last RMSNorm, `[hiddenSize]`.
  case finalNorm
  /// The output head, `[vocabularySize, hiddenSize]`; absent where the embedding serves as one.
  case outputHead

  /// Every tensor that a model of this configuration has, in the order of the forward pass.
  public static func all(in configuration: LlamaConfiguration) -> [WeightName] {
    let ofOneLayer = LayerWeightName.allCases.filter { $0.exists(in: configuration) }
    let ofLayers = (0..<configuration.layerCount).flatMap { index in
      ofOneLayer.map { WeightName.layer(index, $0) }
    }
    return [.embedding] + ofLayers + [.finalNorm]
      + (configuration.tiesEmbeddings ? [] : [.outputHead])
  }

  /// The name in a Hugging Face folder, by which the rest of the program knows the tensor.
  public var huggingFace: String {
    switch self {
    case .embedding: "model.embed_tokens.weight"
    case .layer(let index, let name): "model.layers.\(index).\(name.names.huggingFace)"
    case .finalNorm: "model.norm.weight"
    case .outputHead: "lm_head.weight"
    }
  }

  /// The name in a GGUF file of architecture "llama".
  public var gguf: String {
    switch self {
    case .embedding: "token_embd.weight"
    case .layer(let index, let name): "blk.\(index).\(name.names.gguf)"
    case .finalNorm: "output_norm.weight"
    case .outputHead: "output.weight"
    }
  }

  /// Whether GGUF's llama architecture stores the tensor's rows in pairs (`RowOrder`).
  var isRotated: Bool {
    if case .layer(_, let name) = self { name.isRotated } else { false }
  }

  /// The tensor's shape, `[rows, columns]` or `[features]`.
  public func shape(in configuration: LlamaConfiguration) -> [Int] {
    switch self {
    case .embedding, .outputHead: [configuration.vocabularySize, configuration.hiddenSize]
    case .layer(_, let name): name.shape(in: configuration)
    case .finalNorm: [configuration.hiddenSize]
    }
  }
}
