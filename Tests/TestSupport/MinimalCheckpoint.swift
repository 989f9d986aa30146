import Llama

/// The smallest model a checkpoint can hold, as a GGUF file or Hugging Face folder to be spoilt.
public enum MinimalCheckpoint {
  /// One layer; the heads are wider together than the residual stream, and the head is tied.
  public static let configuration = LlamaConfiguration(
    vocabularySize: 6, hiddenSize: 4, intermediateSize: 6, layerCount: 1, attentionHeads: 2,
    kvHeads: 1, headDim: 4, rmsNormEpsilon: 1e-5, ropeBase: 10_000, ropeScaling: .unscaled,
    contextLength: 16, tiesEmbeddings: true, hasAttentionBias: false, hasFeedForwardBias: false,
    bosTokenID: 1, eosTokenIDs: [2])

  /// A tensor's elements in Hugging Face's order: different in every place of every tensor.
  public static func values(
    _ name: WeightName, in configuration: LlamaConfiguration = configuration
  ) -> [Float] {
    let count = name.shape(in: configuration).reduce(1, *)
    let index = WeightName.all(in: configuration).firstIndex(of: name) ?? 0
    return (0..<count).map { Float(index) + Float($0) / 256 }
  }

  /// The model as a GGUF file, the rows of q and k in that format's order.
  public static func gguf(_ configuration: LlamaConfiguration = configuration) -> GGUFWriter {
    let tokens = (0..<configuration.vocabularySize).map { "t\($0)" }
    var file = GGUFWriter()
    file.metadata = [
      ("general.architecture", .text("llama")),
      ("llama.block_count", .uint32(UInt32(configuration.layerCount))),
      ("llama.context_length", .uint32(UInt32(configuration.contextLength))),
      ("llama.embedding_length", .uint32(UInt32(configuration.hiddenSize))),
      ("llama.feed_forward_length", .uint32(UInt32(configuration.intermediateSize))),
      ("llama.attention.head_count", .uint32(UInt32(configuration.attentionHeads))),
      ("llama.attention.head_count_kv", .uint32(UInt32(configuration.kvHeads))),
      ("llama.attention.key_length", .uint32(UInt32(configuration.headDim))),
      ("llama.attention.value_length", .uint32(UInt32(configuration.headDim))),
      ("llama.attention.layer_norm_rms_epsilon", .float32(configuration.rmsNormEpsilon)),
      ("llama.rope.freq_base", .float32(Float(configuration.ropeBase))),
      ("llama.rope.dimension_count", .uint32(UInt32(configuration.headDim))),
      ("tokenizer.ggml.model", .text("gpt2")),
      ("tokenizer.ggml.tokens", .texts(tokens)),
      ("tokenizer.ggml.token_type", .int32s(tokens.map { _ in 1 })),
      ("tokenizer.ggml.merges", .texts(["t 0", "t 1"])),
      ("tokenizer.ggml.bos_token_id", .uint32(1)),
      ("tokenizer.ggml.eos_token_id", .uint32(2)),
    ]
    for name in WeightName.all(in: configuration) {
      let shape = name.shape(in: configuration)
      var rows = values(name, in: configuration).chunked(shape[0])
      switch name {
      case .layer(_, .query), .layer(_, .key), .bias(_, .query), .bias(_, .key):
        rows = inPairs(rows, headDim: configuration.headDim)
      default: break
      }
      file.tensors.append(
        GGUFWriter.Tensor(
          name.gguf, dimensions: shape.reversed().map { UInt64($0) }, type: 0,
          bytes: [UInt8](littleEndian: Array(rows.joined()))))
    }
    return file
  }

  /// Within each head, takes rows from its two halves by turns.
  private static func inPairs(_ rows: [[Float]], headDim: Int) -> [[Float]] {
    var result: [[Float]] = []
    for head in stride(from: 0, to: rows.count, by: headDim) {
      for pair in head..<(head + headDim / 2) { result += [rows[pair], rows[pair + headDim / 2]] }
    }
    return result
  }

  /// The model's tensors as one safetensors file.
  public static func safetensors(
    _ configuration: LlamaConfiguration = configuration
  ) -> SafetensorsWriter {
    SafetensorsWriter(
      WeightName.all(in: configuration).map {
        SafetensorsWriter.Tensor(
          $0.huggingFace(in: configuration), shape: $0.shape(in: configuration),
          values: values($0, in: configuration))
      })
  }

  /// The model's `config.json`, as keys and JSON texts to be changed.
  public static let config: [String: String] = [
    "model_type": #""llama""#, "hidden_act": #""silu""#, "vocab_size": "6", "hidden_size": "4",
    "intermediate_size": "6", "num_hidden_layers": "1", "num_attention_heads": "2",
    "num_key_value_heads": "1", "head_dim": "4", "rms_norm_eps": "1e-5", "rope_theta": "10000.0",
    "max_position_embeddings": "16", "tie_word_embeddings": "true", "bos_token_id": "1",
    "eos_token_id": "2",
  ]

  /// A JSON object of keys and JSON texts.
  public static func json(_ keys: [String: String]) -> String {
    let entries = keys.sorted { $0.key < $1.key }.map { "\"\($0.key)\": \($0.value)" }
    return "{\(entries.joined(separator: ", "))}"
  }

  /// Writes the model as a Hugging Face folder, without a tokenizer.
  public static func writeHuggingFace(
    to folder: TemporaryFolder, config: [String: String] = config,
    weights: SafetensorsWriter = safetensors()
  ) throws {
    try folder.write(json(config), to: "config.json")
    try folder.write(weights.bytes(), to: "model.safetensors")
  }
}

extension [Float] {
  /// The elements in `count` equal parts.
  fileprivate func chunked(_ count: Int) -> [[Float]] {
    let size = self.count / count
    return (0..<count).map { Array(self[$0 * size..<($0 + 1) * size]) }
  }
}
