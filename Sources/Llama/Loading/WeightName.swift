/// One parameter tensor of a LLaMA: its names in both kinds of file, and its shape.
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
      LayerPart.allCases.flatMap { part in
        part.hasBias(in: configuration)
          ? [.layer(layer, part), .bias(layer, part)] : [WeightName.layer(layer, part)]
      }
    }
    return [.embedding] + layers + [.finalNorm]
      + (configuration.tiesEmbeddings ? [] : [.outputHead])
  }

  /// The name in a Hugging Face folder, by which the rest of the program knows the tensor.
  public var huggingFace: String { names.huggingFace }

  /// The name in a GGUF file of architecture "llama".
  public var gguf: String { names.gguf }

  private var names: (huggingFace: String, gguf: String) {
    switch self {
    case .embedding: ("model.embed_tokens.weight", "token_embd.weight")
    case .layer(let layer, let part): part.names(layer, "weight")
    case .bias(let layer, let part): part.names(layer, "bias")
    case .finalNorm: ("model.norm.weight", "output_norm.weight")
    case .outputHead: ("lm_head.weight", "output.weight")
    }
  }

  /// Whether GGUF's llama architecture stores the tensor's rows in pairs (`RowOrder`).
  var isRotated: Bool {
    switch self {
    case .layer(_, let part), .bias(_, let part): part == .query || part == .key
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

/// A part of a transformer block that has weights: `[outputs, inputs]` of a projection, `[hiddenSize]`
/// of a norm. In the order of the forward pass.
public enum LayerPart: Hashable, Sendable, CaseIterable {
  /// Scales of the RMSNorm before attention.
  case attentionNorm
  case query, key, value, attentionOutput
  /// Scales of the RMSNorm before the feed-forward network.
  case feedForwardNorm
  case gate, up, down

  fileprivate func names(_ layer: Int, _ kind: String) -> (huggingFace: String, gguf: String) {
    let (huggingFace, gguf) =
      switch self {
      case .attentionNorm: ("input_layernorm", "attn_norm")
      case .query: ("self_attn.q_proj", "attn_q")
      case .key: ("self_attn.k_proj", "attn_k")
      case .value: ("self_attn.v_proj", "attn_v")
      case .attentionOutput: ("self_attn.o_proj", "attn_output")
      case .feedForwardNorm: ("post_attention_layernorm", "ffn_norm")
      case .gate: ("mlp.gate_proj", "ffn_gate")
      case .up: ("mlp.up_proj", "ffn_up")
      case .down: ("mlp.down_proj", "ffn_down")
      }
    return ("model.layers.\(layer).\(huggingFace).\(kind)", "blk.\(layer).\(gguf).\(kind)")
  }

  func hasBias(in configuration: LlamaConfiguration) -> Bool {
    switch self {
    case .attentionNorm, .feedForwardNorm: false
    case .query, .key, .value, .attentionOutput: configuration.hasAttentionBias
    case .gate, .up, .down: configuration.hasFeedForwardBias
    }
  }

  fileprivate func shape(in configuration: LlamaConfiguration) -> [Int] {
    let hidden = configuration.hiddenSize
    let intermediate = configuration.intermediateSize
    let q = configuration.attentionHeads * configuration.headDim
    let kv = configuration.kvHeads * configuration.headDim
    return switch self {
    case .attentionNorm, .feedForwardNorm: [hidden]
    case .query: [q, hidden]
    case .key, .value: [kv, hidden]
    case .attentionOutput: [hidden, q]
    case .gate, .up: [intermediate, hidden]
    case .down: [hidden, intermediate]
    }
  }
}
