import Files

extension LlamaConfiguration {
  /// The configuration that a Hugging Face folder states, checked.
  ///
  /// A key that is absent or null means what the file's other keys say, and the default of Hugging
  /// Face's `LlamaConfig` (transformers 5.23.0) otherwise. The sizes have defaults there too, those of
  /// the first 7B model, but a file that lacks one is refused.
  ///
  /// - Parameters:
  ///   - file: its `config.json`.
  ///   - generation: its `generation_config.json`, which may add end-of-sequence tokens.
  /// - Throws: `FileError`.
  init(huggingFace file: JSONNode, generation: JSONNode?) throws {
    try file.checkIsLlama()
    let hiddenSize = try file.required("hidden_size").wholeNumber()
    let attentionHeads = try file.required("num_attention_heads").wholeNumber()
    let contextLength = try file.required("max_position_embeddings").wholeNumber()
    let rotary = try file.rotary()
    self.init(
      vocabularySize: try file.required("vocab_size").wholeNumber(), hiddenSize: hiddenSize,
      intermediateSize: try file.required("intermediate_size").wholeNumber(),
      layerCount: try file.required("num_hidden_layers").wholeNumber(),
      attentionHeads: attentionHeads,
      kvHeads: try file.optional("num_key_value_heads")?.wholeNumber() ?? attentionHeads,
      headDim: try file.headDim(hiddenSize: hiddenSize, attentionHeads: attentionHeads),
      rmsNormEpsilon: Float(try file.optional("rms_norm_eps")?.number() ?? 1e-6),
      ropeBase: try (rotary?.optional("rope_theta") ?? file.optional("rope_theta"))?.number()
        ?? 10_000,
      ropeScaling: try rotary?.ropeScaling(
        originalContextLength: file.optional("original_max_position_embeddings"),
        contextLength: contextLength) ?? .unscaled,
      contextLength: contextLength,
      tiesEmbeddings: try file.optional("tie_word_embeddings")?.bool() ?? false,
      hasAttentionBias: try file.optional("attention_bias")?.bool() ?? false,
      hasFeedForwardBias: try file.optional("mlp_bias")?.bool() ?? false,
      // Here null means "none", and only an absent key means the default.
      bosTokenID: try file.has("bos_token_id") ? file.optional("bos_token_id")?.wholeNumber() : 1,
      eosTokenIDs: try file.has("eos_token_id") ? file.endTokenIDs() : [2])
    var known = Set(eosTokenIDs)
    for id in try generation?.endTokenIDs() ?? [] where known.insert(id).inserted {
      eosTokenIDs.append(id)
    }
    try validated(path: file.path)
  }
}

extension JSONNode {
  fileprivate func has(_ key: String) throws(FileError) -> Bool {
    try members().contains { $0.key.elementsEqual(key.utf8) }
  }

  /// Token ids written as one number, as a list, or not at all.
  fileprivate func endTokenIDs() throws(FileError) -> [TokenID] {
    guard let node = try optional("eos_token_id") else { return [] }
    if case .array = node.value { return try node.integers() }
    return [try node.wholeNumber()]
  }

  /// - Throws: `FileError` for a model that is not computed as a LLaMA is.
  fileprivate func checkIsLlama() throws {
    func unsupported(_ key: String, _ found: String, _ supported: String) -> FileError {
      child(key, .null).error(.unsupported(found: found, supported: supported))
    }
    switch try required("model_type").string() {
    case "llama": break
    case "mistral":
      // A Mistral without a sliding window is a LLaMA; the key's default is a window.
      guard try has("sliding_window") else { throw unsupported("sliding_window", "absent", "null") }
      if let window = try optional("sliding_window") {
        throw unsupported("sliding_window", "\(try window.wholeNumber())", "null")
      }
      // The default differs from LLaMA's.
      _ = try required("num_key_value_heads")
    case let other: throw unsupported("model_type", other, "llama")
    }
    let activation = try optional("hidden_act")?.string() ?? "silu"
    guard activation == "silu" else { throw unsupported("hidden_act", activation, "silu") }
    guard try optional("quantization_config") == nil else {
      throw unsupported("quantization_config", "present", "none")
    }
    let key = "partial_rotary_factor"
    for node in [try optional(key), try rotary()?.optional(key)].compactMap(\.self) {
      let factor = try node.number()
      guard factor == 1 else { throw node.error(.unsupported(found: "\(factor)", supported: "1")) }
    }
  }

  fileprivate func headDim(hiddenSize: Int, attentionHeads: Int) throws(FileError) -> Int {
    if let headDim = try optional("head_dim") { return try headDim.wholeNumber() }
    guard attentionHeads > 0, hiddenSize.isMultiple(of: attentionHeads) else {
      throw child("num_attention_heads", .null).error(
        .invalid(expected: "a divisor of hidden_size, \(hiddenSize)", found: "\(attentionHeads)"))
    }
    return hiddenSize / attentionHeads
  }

  /// The rotary parameters as transformers 4 writes them, or as transformers 5 does; the older key
  /// wins where both are there.
  fileprivate func rotary() throws -> JSONNode? {
    try optional("rope_scaling") ?? optional("rope_parameters")
  }

  /// The scaling that the rotary parameters state.
  /// - Parameter originalContextLength: from outside of them, which wins.
  fileprivate func ropeScaling(
    originalContextLength: JSONNode?, contextLength: Int
  ) throws -> RotaryScaling {
    func number(_ key: String) throws(FileError) -> Double { try required(key).number() }
    // Older files call the type "type".
    let type = try optional("rope_type") ?? optional("type") ?? required("rope_type")
    switch try type.string() {
    case "default": return .unscaled
    case "linear": return .linear(factor: try number("factor"))
    case "llama3":
      let original = try originalContextLength ?? optional("original_max_position_embeddings")
      return .llama3(
        factor: try number("factor"), lowFrequencyFactor: try number("low_freq_factor"),
        highFrequencyFactor: try number("high_freq_factor"),
        originalContextLength: try original?.wholeNumber() ?? contextLength)
    case let other:
      throw type.error(.unsupported(found: other, supported: "default, linear or llama3"))
    }
  }
}
