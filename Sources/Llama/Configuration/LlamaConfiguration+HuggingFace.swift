extension LlamaConfiguration {
  /// The configuration that a Hugging Face folder states, checked.
  ///
  /// - Parameters:
  ///   - file: its `config.json`.
  ///   - generation: its `generation_config.json`, which may add end-of-sequence tokens.
  ///   - path: the path of `config.json`, for messages.
  init(
    _ file: HuggingFaceConfiguration, generation: HuggingFaceGeneration?, path: String
  ) throws(ConfigurationError) {
    try file.checkSupport(path: path)
    self.init(
      vocabularySize: file.vocabularySize, hiddenSize: file.hiddenSize,
      intermediateSize: file.intermediateSize, layerCount: file.layerCount,
      attentionHeads: file.attentionHeads, kvHeads: file.kvHeads ?? file.attentionHeads,
      headDim: try file.resolvedHeadDim(path: path), rmsNormEpsilon: Float(file.rmsNormEpsilon),
      ropeBase: file.resolvedRopeBase, ropeScaling: try file.resolvedRopeScaling(path: path),
      contextLength: file.contextLength, tiesEmbeddings: file.tiesEmbeddings,
      hasAttentionBias: file.hasAttentionBias, hasFeedForwardBias: file.hasFeedForwardBias,
      bosTokenID: file.bosTokenID, eosTokenIDs: file.eosTokenIDs)
    var known = Set(eosTokenIDs)
    for id in generation?.eosTokenIDs?.ids ?? [] where known.insert(id).inserted {
      eosTokenIDs.append(id)
    }
    try validated(path: path)
  }
}

extension HuggingFaceConfiguration {
  /// Throws `ConfigurationError.unsupported` for a model that is not computed as a LLaMA is.
  fileprivate func checkSupport(path: String) throws(ConfigurationError) {
    func unsupported(_ key: String, _ found: String, _ supported: String) -> ConfigurationError {
      .unsupported(path: path, key: key, supported: supported, found: found)
    }
    switch modelType {
    case "llama": break
    case "mistral":
      // A Mistral without a sliding window is a LLaMA; the key's default is a window.
      guard case .some(.none) = slidingWindow else {
        throw unsupported("sliding_window", slidingWindow.map { "\($0 ?? 0)" } ?? "absent", "null")
      }
      // The default differs from LLaMA's.
      guard kvHeads != nil else { throw .missingKey(path: path, key: "num_key_value_heads") }
    default: throw unsupported("model_type", modelType, "llama")
    }
    guard activation == "silu" else { throw unsupported("hidden_act", activation, "silu") }
    guard !isQuantized else { throw unsupported("quantization_config", "present", "none") }
    for factor in [partialRotaryFactor, rotary?.partialRotaryFactor].compactMap(\.self) {
      guard factor == 1 else { throw unsupported("partial_rotary_factor", "\(factor)", "1") }
    }
  }

  /// The older key wins where both are there, as in transformers 5.
  private var rotary: HuggingFaceRotary? { ropeScaling ?? ropeParameters }
  private var rotaryKey: String { ropeScaling == nil ? "rope_parameters" : "rope_scaling" }

  fileprivate var resolvedRopeBase: Double { rotary?.base ?? ropeBase ?? 10_000 }

  fileprivate func resolvedHeadDim(path: String) throws(ConfigurationError) -> Int {
    if let headDim { return headDim }
    guard attentionHeads > 0, hiddenSize.isMultiple(of: attentionHeads) else {
      throw .invalid(
        path: path, key: "num_attention_heads",
        expected: "a divisor of hidden_size, \(hiddenSize),", found: "\(attentionHeads)")
    }
    return hiddenSize / attentionHeads
  }

  fileprivate func resolvedRopeScaling(path: String) throws(ConfigurationError) -> RotaryScaling {
    guard let rotary else { return .unscaled }
    func required<Value>(_ value: Value?, _ key: String) throws(ConfigurationError) -> Value {
      guard let value else { throw .missingKey(path: path, key: "\(rotaryKey).\(key)") }
      return value
    }
    switch try required(rotary.type ?? rotary.olderType, "rope_type") {
    case "default": return .unscaled
    case "linear": return .linear(factor: try required(rotary.factor, "factor"))
    case "llama3":
      return .llama3(
        factor: try required(rotary.factor, "factor"),
        lowFrequencyFactor: try required(rotary.lowFrequencyFactor, "low_freq_factor"),
        highFrequencyFactor: try required(rotary.highFrequencyFactor, "high_freq_factor"),
        originalContextLength: originalContextLength ?? rotary.originalContextLength
          ?? contextLength)
    case let other:
      throw .unsupported(
        path: path, key: "\(rotaryKey).rope_type", supported: "default, linear or llama3",
        found: other)
    }
  }
}
