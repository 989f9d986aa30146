/// One parameter tensor of a model: its names in both kinds of file, and its shape.
public enum WeightName: Hashable, Sendable {
  /// The embedding, `[vocabularySize, hiddenSize]`.
  case embedding
  /// The weights of a part of one transformer block.
  case layer(Int, LayerPart)
  /// The bias of a projection of one transformer block, `[outputs]`.
  case bias(Int, LayerPart)
  /// Scales of the last RMSNorm, `[hiddenSize]`.
  case finalNorm
  /// The output head, `[vocabularySize, hiddenSize]`; absent where the embedding serves as one.
  case outputHead

  /// Every tensor that a model of this configuration has, in the order of the forward pass.
  public static func all(in configuration: LlamaConfiguration) -> [WeightName] {
    let layers = (0..<configuration.layerCount).flatMap { layer in
      LayerPart.all(in: configuration).flatMap { part in
        part.hasBias(in: configuration)
          ? [.layer(layer, part), .bias(layer, part)] : [WeightName.layer(layer, part)]
      }
    }
    return [.embedding] + layers + [.finalNorm]
      + (configuration.tiesEmbeddings ? [] : [.outputHead])
  }

  /// The name in a Hugging Face folder of this configuration's family, by which the rest of the program
  /// knows the tensor. Where a file has several parts as one tensor, each has the name it has elsewhere.
  public func huggingFace(in configuration: LlamaConfiguration) -> String {
    switch self {
    case .embedding: "model.embed_tokens.weight"
    case .layer(let layer, let part):
      "model.layers.\(layer).\(part.huggingFace(in: configuration)).weight"
    case .bias(let layer, let part):
      "model.layers.\(layer).\(part.huggingFace(in: configuration)).bias"
    case .finalNorm: "model.norm.weight"
    case .outputHead: "lm_head.weight"
    }
  }

  /// The name in a GGUF file.
  public var gguf: String {
    switch self {
    case .embedding: "token_embd.weight"
    case .layer(let layer, let part): "blk.\(layer).\(part.gguf).weight"
    case .bias(let layer, let part): "blk.\(layer).\(part.gguf).bias"
    case .finalNorm: "output_norm.weight"
    case .outputHead: "output.weight"
    }
  }

  /// Whether rows of the tensor are features of a head that is rotated.
  var isRotated: Bool {
    switch self {
    case .layer(_, let part), .bias(_, let part): part == .query || part == .key
    default: false
    }
  }

  /// Whether the tensor has the scales of a norm.
  var isNorm: Bool {
    switch self {
    case .layer(_, let part): part.isNorm
    case .finalNorm: true
    default: false
    }
  }

  /// The tensor's shape, `[rows, columns]` or `[features]`.
  public func shape(in configuration: LlamaConfiguration) -> [Int] {
    switch self {
    case .embedding, .outputHead: [configuration.vocabularySize, configuration.hiddenSize]
    case .layer(_, let part): part.shape(in: configuration)
    case .bias(_, let part): [part.shape(in: configuration)[0]]
    case .finalNorm: [configuration.hiddenSize]
    }
  }
}
