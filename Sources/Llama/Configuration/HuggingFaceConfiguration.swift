import Files

/// The keys of a Hugging Face `config.json` that matter to a LLaMA, as written there.
///
/// A key that is absent or null is nil where the file's other keys decide what that means, and the
/// default of Hugging Face's `LlamaConfig` (transformers 5.23.0) otherwise. The sizes have defaults
/// there too, those of the first 7B model, but a file that lacks one is refused.
struct HuggingFaceConfiguration: Decodable {
  let modelType: String
  let activation: String
  let vocabularySize: Int
  let hiddenSize: Int
  let intermediateSize: Int
  let layerCount: Int
  let attentionHeads: Int
  let kvHeads: Int?
  let headDim: Int?
  let rmsNormEpsilon: Double
  let contextLength: Int
  let originalContextLength: Int?
  let tiesEmbeddings: Bool
  let hasAttentionBias: Bool
  let hasFeedForwardBias: Bool
  let ropeBase: Double?
  let partialRotaryFactor: Double?
  /// The rotary parameters as transformers 4 writes them.
  let ropeScaling: HuggingFaceRotary?
  /// The rotary parameters as transformers 5 writes them.
  let ropeParameters: HuggingFaceRotary?
  let bosTokenID: TokenID?
  let eosTokenIDs: [TokenID]
  /// Mistral's key: nil is a missing key, and `.some(nil)` is null, for "no window".
  let slidingWindow: Int??
  /// Whether the weights are stored in a scheme of their own.
  let isQuantized: Bool

  enum CodingKeys: String, CodingKey {
    case modelType = "model_type"
    case activation = "hidden_act"
    case vocabularySize = "vocab_size"
    case hiddenSize = "hidden_size"
    case intermediateSize = "intermediate_size"
    case layerCount = "num_hidden_layers"
    case attentionHeads = "num_attention_heads"
    case kvHeads = "num_key_value_heads"
    case headDim = "head_dim"
    case rmsNormEpsilon = "rms_norm_eps"
    case contextLength = "max_position_embeddings"
    case originalContextLength = "original_max_position_embeddings"
    case tiesEmbeddings = "tie_word_embeddings"
    case hasAttentionBias = "attention_bias"
    case hasFeedForwardBias = "mlp_bias"
    case ropeBase = "rope_theta"
    case partialRotaryFactor = "partial_rotary_factor"
    case ropeScaling = "rope_scaling"
    case ropeParameters = "rope_parameters"
    case bosTokenID = "bos_token_id"
    case eosTokenIDs = "eos_token_id"
    case slidingWindow = "sliding_window"
    case quantization = "quantization_config"
  }

  init(from decoder: any Decoder) throws {
    let keys = try decoder.container(keyedBy: CodingKeys.self)
    modelType = try keys.decode(String.self, forKey: .modelType)
    activation = try keys.decodeIfPresent(String.self, forKey: .activation) ?? "silu"
    vocabularySize = try keys.decodeNumber(Int.self, forKey: .vocabularySize)
    hiddenSize = try keys.decodeNumber(Int.self, forKey: .hiddenSize)
    intermediateSize = try keys.decodeNumber(Int.self, forKey: .intermediateSize)
    layerCount = try keys.decodeNumber(Int.self, forKey: .layerCount)
    attentionHeads = try keys.decodeNumber(Int.self, forKey: .attentionHeads)
    kvHeads = try keys.decodeNumberIfPresent(Int.self, forKey: .kvHeads)
    headDim = try keys.decodeNumberIfPresent(Int.self, forKey: .headDim)
    rmsNormEpsilon = try keys.decodeNumberIfPresent(Double.self, forKey: .rmsNormEpsilon) ?? 1e-6
    contextLength = try keys.decodeNumber(Int.self, forKey: .contextLength)
    originalContextLength = try keys.decodeNumberIfPresent(Int.self, forKey: .originalContextLength)
    tiesEmbeddings = try keys.decodeIfPresent(Bool.self, forKey: .tiesEmbeddings) ?? false
    hasAttentionBias = try keys.decodeIfPresent(Bool.self, forKey: .hasAttentionBias) ?? false
    hasFeedForwardBias = try keys.decodeIfPresent(Bool.self, forKey: .hasFeedForwardBias) ?? false
    ropeBase = try keys.decodeNumberIfPresent(Double.self, forKey: .ropeBase)
    partialRotaryFactor = try keys.decodeNumberIfPresent(Double.self, forKey: .partialRotaryFactor)
    ropeScaling = try keys.decodeIfPresent(HuggingFaceRotary.self, forKey: .ropeScaling)
    ropeParameters = try keys.decodeIfPresent(HuggingFaceRotary.self, forKey: .ropeParameters)
    // Here null means "none", and only an absent key means the default.
    bosTokenID =
      keys.contains(.bosTokenID) ? try keys.decodeNumberIfPresent(Int.self, forKey: .bosTokenID) : 1
    eosTokenIDs =
      keys.contains(.eosTokenIDs)
      ? try keys.decodeNumberIfPresent(TokenIDList.self, forKey: .eosTokenIDs)?.ids ?? [] : [2]
    slidingWindow =
      keys.contains(.slidingWindow)
      ? .some(try keys.decodeNumberIfPresent(Int.self, forKey: .slidingWindow)) : nil
    isQuantized =
      keys.contains(.quantization) ? try !keys.decodeNil(forKey: .quantization) : false
  }
}

/// The rotary parameters of a `config.json`, under `rope_scaling` or `rope_parameters`.
struct HuggingFaceRotary: Decodable {
  let type: String?
  /// The name of `type` in older files.
  let olderType: String?
  let base: Double?
  let factor: Double?
  let lowFrequencyFactor: Double?
  let highFrequencyFactor: Double?
  let originalContextLength: Int?
  let partialRotaryFactor: Double?

  init(from decoder: any Decoder) throws {
    let keys = try decoder.container(keyedBy: CodingKeys.self)
    type = try keys.decodeIfPresent(String.self, forKey: .type)
    olderType = try keys.decodeIfPresent(String.self, forKey: .olderType)
    base = try keys.decodeNumberIfPresent(Double.self, forKey: .base)
    factor = try keys.decodeNumberIfPresent(Double.self, forKey: .factor)
    lowFrequencyFactor = try keys.decodeNumberIfPresent(Double.self, forKey: .lowFrequencyFactor)
    highFrequencyFactor = try keys.decodeNumberIfPresent(Double.self, forKey: .highFrequencyFactor)
    originalContextLength = try keys.decodeNumberIfPresent(Int.self, forKey: .originalContextLength)
    partialRotaryFactor = try keys.decodeNumberIfPresent(Double.self, forKey: .partialRotaryFactor)
  }

  enum CodingKeys: String, CodingKey {
    case type = "rope_type"
    case olderType = "type"
    case base = "rope_theta"
    case factor
    case lowFrequencyFactor = "low_freq_factor"
    case highFrequencyFactor = "high_freq_factor"
    case originalContextLength = "original_max_position_embeddings"
    case partialRotaryFactor = "partial_rotary_factor"
  }
}

/// The keys of a Hugging Face `generation_config.json` that are read.
struct HuggingFaceGeneration: Decodable {
  let eosTokenIDs: TokenIDList?

  init(from decoder: any Decoder) throws {
    let keys = try decoder.container(keyedBy: CodingKeys.self)
    eosTokenIDs = try keys.decodeNumberIfPresent(TokenIDList.self, forKey: .eosTokenIDs)
  }

  enum CodingKeys: String, CodingKey {
    case eosTokenIDs = "eos_token_id"
  }
}

/// Token ids written as one number or as a list.
struct TokenIDList: Decodable {
  let ids: [TokenID]

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    do {
      ids = [try container.decode(TokenID.self)]
    } catch DecodingError.typeMismatch {
      ids = try container.decode([TokenID].self)
    }
  }
}
