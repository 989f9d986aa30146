import Files

extension LlamaConfiguration {
  /// The configuration that a Hugging Face folder states, checked.
  ///
  /// A key that is absent or null means what the file's other keys say, and the default of its family
  /// in transformers 5.23.0 otherwise (`FamilyDefaults`). The sizes have defaults there too, those of
  /// each family's first model, but a file that lacks one is refused.
  ///
  /// - Parameters:
  ///   - file: its `config.json`.
  ///   - generation: its `generation_config.json`, which may add end-of-sequence tokens.
  /// - Throws: `FileError`.
  init(huggingFace file: JSONNode, generation: JSONNode?) throws {
    let family = try file.family()
    let defaults = FamilyDefaults(family)
    let hiddenSize = try file.required("hidden_size").wholeNumber()
    let attentionHeads = try file.required("num_attention_heads").wholeNumber()
    let kvHeads =
      defaults.hasHeadsOfQueries
      ? try file.optional("num_key_value_heads") : try file.required("num_key_value_heads")
    let layerCount = try file.required("num_hidden_layers").wholeNumber()
    self.init(
      vocabularySize: try file.required("vocab_size").wholeNumber(), hiddenSize: hiddenSize,
      intermediateSize: try file.intermediateSize(), layerCount: layerCount,
      attentionHeads: attentionHeads, kvHeads: try kvHeads?.wholeNumber() ?? attentionHeads,
      headDim: try file.headDim(
        hiddenSize: hiddenSize, attentionHeads: attentionHeads, default: defaults.headDim),
      rmsNormEpsilon: Float(
        try file.optional("rms_norm_eps")?.number() ?? Double(defaults.rmsNormEpsilon)),
      ropeBase: defaults.ropeBase, ropeScaling: .unscaled,
      contextLength: try file.required("max_position_embeddings").wholeNumber(),
      tiesEmbeddings: try file.optional("tie_word_embeddings")?.bool() ?? defaults.tiesEmbeddings,
      hasAttentionBias: try file.hasAttentionBias(family),
      hasFeedForwardBias: try file.hasFeedForwardBias(family),
      // Here null means "none", and only an absent key means the default.
      bosTokenID: try file.has("bos_token_id")
        ? file.optional("bos_token_id")?.wholeNumber() : defaults.bosTokenID,
      eosTokenIDs: try file.has("eos_token_id") ? file.endTokenIDs() : defaults.eosTokenIDs)
    var known = Set(eosTokenIDs)
    for id in try generation?.endTokenIDs() ?? [] where known.insert(id).inserted {
      eosTokenIDs.append(id)
    }
    try checkSizes(path: file.path)
    variant = try ModelVariant(huggingFace: file, family, self)
    try readRotary(file)
    try validated(path: file.path)
  }
}

extension JSONNode {
  func has(_ key: String) throws(FileError) -> Bool {
    try members().contains { $0.key.elementsEqual(key.utf8) }
  }

  /// Token ids written as one number, as a list, or not at all.
  fileprivate func endTokenIDs() throws(FileError) -> [TokenID] {
    guard let node = try optional("eos_token_id") else { return [] }
    if case .array = node.value { return try node.integers() }
    return [try node.wholeNumber()]
  }

  /// - Throws: `FileError` for a model that is computed as none of the families is.
  fileprivate func family() throws(FileError) -> ModelFamily {
    let type = try required("model_type")
    let name = try type.string()
    guard let family = ModelFamily.byModelType[name] else {
      let kind = ModelFamily.kind(of: name).map { "\(name) (\($0))" }
      throw type.error(
        .unsupported(
          found: kind ?? name,
          supported: ModelFamily.byModelType.keys.sorted().joined(separator: ", ")))
    }
    guard try optional("quantization_config") == nil else {
      throw child("quantization_config", .null)
        .error(.unsupported(found: "present", supported: "none"))
    }
    if name == "granitemoehybrid" { try checkIsDense() }
    return family
  }

  /// A Granite 4 is of this family if it has neither experts nor state-space layers.
  private func checkIsDense() throws(FileError) {
    let experts = try optional("num_local_experts")?.wholeNumber() ?? 8
    guard experts == 0 else {
      throw child("num_local_experts", .null).error(
        .unsupported(found: "\(experts) (a mixture of experts)", supported: "0"))
    }
    let types = try required("layer_types").strings()
    if let other = types.first(where: { $0 != "attention" && $0 != "full_attention" }) {
      throw child("layer_types", .null).error(
        .unsupported(found: "\(other) (a state-space layer)", supported: "attention"))
    }
    guard let embedding = try optional("position_embedding_type"),
      try embedding.string() == "rope"
    else {
      throw child("position_embedding_type", .null).error(
        .unsupported(found: "none", supported: "rope"))
    }
  }

  fileprivate func intermediateSize() throws(FileError) -> Int {
    if try required("model_type").string() == "granitemoehybrid" {
      return try required("shared_intermediate_size").wholeNumber()
    }
    return try required("intermediate_size").wholeNumber()
  }

  fileprivate func hasAttentionBias(_ family: ModelFamily) throws(FileError) -> Bool {
    switch family {
    case .qwen2: true
    case .mistral, .phi3: false
    case .llama, .qwen3, .smollm3, .gemma2, .gemma3, .olmo2, .granite:
      try optional("attention_bias")?.bool() ?? false
    }
  }

  fileprivate func hasFeedForwardBias(_ family: ModelFamily) throws(FileError) -> Bool {
    switch family {
    case .llama, .smollm3, .granite: try optional("mlp_bias")?.bool() ?? false
    case .mistral, .qwen2, .qwen3, .gemma2, .gemma3, .olmo2, .phi3: false
    }
  }

  fileprivate func headDim(
    hiddenSize: Int, attentionHeads: Int, default known: Int?
  ) throws(FileError) -> Int {
    if let headDim = try optional("head_dim") { return try headDim.wholeNumber() }
    if let known { return known }
    guard attentionHeads > 0, hiddenSize.isMultiple(of: attentionHeads) else {
      throw child("num_attention_heads", .null).error(
        .invalid(expected: "a divisor of hidden_size, \(hiddenSize)", found: "\(attentionHeads)"))
    }
    return hiddenSize / attentionHeads
  }
}
