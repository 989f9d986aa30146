import Files

extension LlamaConfiguration {
  /// The configuration that a GGUF file of architecture "llama" states, checked.
  ///
  /// Whether there are biases and a separate output head is told by the tensors that are there.
  /// - Parameter rotaryDivisors: the values of the tensor `rope_freqs.weight`, if there is one.
  init(_ file: GGUFFile, rotaryDivisors: [Double]?) throws(FileError) {
    let metadata = file.metadata
    try metadata.checkHyperparameters()
    func size(_ key: String) throws(FileError) -> Int {
      try metadata.required(key, try metadata.integer(key))
    }
    let names = Set(file.tensors.map(\.name))
    let hidden = try size("llama.embedding_length")
    let heads = try size("llama.attention.head_count")
    let epsilon = "llama.attention.layer_norm_rms_epsilon"
    self.init(
      vocabularySize: try metadata.vocabularySize(tensors: file.tensors),
      hiddenSize: hidden,
      intermediateSize: try size("llama.feed_forward_length"),
      layerCount: try size("llama.block_count"),
      attentionHeads: heads,
      kvHeads: try metadata.integer("llama.attention.head_count_kv") ?? heads,
      headDim: try metadata.headDim(hiddenSize: hidden, attentionHeads: heads),
      rmsNormEpsilon: Float(try metadata.required(epsilon, try metadata.number(epsilon))),
      ropeBase: try metadata.number("llama.rope.freq_base") ?? 10_000,
      ropeScaling: try metadata.rotaryScaling(divisors: rotaryDivisors),
      contextLength: try size("llama.context_length"),
      tiesEmbeddings: !names.contains(WeightName.outputHead.gguf),
      hasAttentionBias: names.contains(WeightName.bias(0, .query).gguf),
      hasFeedForwardBias: names.contains(WeightName.bias(0, .gate).gguf),
      bosTokenID: try metadata.integer("tokenizer.ggml.bos_token_id"),
      eosTokenIDs: try metadata.endTokenIDs())
    try validated(path: file.file.path)
  }
}

extension GGUFMetadata {
  /// The hyperparameters that are read, and those known not to change what is computed.
  private static let understood: Set<String> = [
    "llama.embedding_length", "llama.attention.head_count", "llama.feed_forward_length",
    "llama.block_count", "llama.attention.head_count_kv", "llama.attention.key_length",
    "llama.attention.value_length", "llama.attention.layer_norm_rms_epsilon",
    "llama.context_length", "llama.rope.freq_base", "llama.rope.dimension_count",
    "llama.rope.scaling.type", "llama.rope.scaling.factor", "llama.rope.scale_linear",
    "llama.vocab_size", "llama.rope.scaling.original_context_length",
    "llama.rope.scaling.finetuned", "llama.tensor_data_layout",
  ]

  /// Keys that may be there as long as they have this value, which changes nothing.
  private static let neutral = [
    "llama.expert_count": "0", "llama.expert_used_count": "0", "llama.attention.causal": "true",
    "llama.use_parallel_residual": "false", "llama.rope.scaling.attn_factor": "1.0",
  ]

  /// Throws unless the architecture is "llama" and every hyperparameter is one whose effect is
  /// known: one that is not known may change what the model computes.
  fileprivate func checkHyperparameters() throws(FileError) {
    let key = "general.architecture"
    let architecture = try required(key, try text(key))
    guard architecture == "llama" else {
      throw unsupported(key, found: architecture, supported: "llama")
    }
    for (key, value) in values.sorted(by: { $0.key < $1.key })
    where key.hasPrefix("llama.") && !Self.understood.contains(key)
      && Self.neutral[key] != value.shortDescription
    {
      throw unsupported(
        key, found: value.shortDescription,
        supported: Self.neutral[key] ?? "a file without this key")
    }
  }

  private func unsupported(_ key: String, found: String, supported: String) -> FileError {
    FileError(path, "the key \(key)", .unsupported(found: found, supported: supported))
  }

  /// The number of tokens, or of rows of the embedding in a file without a tokenizer.
  fileprivate func vocabularySize(tensors: [ListedTensor]) throws(FileError) -> Int {
    let tokens = try texts("tokenizer.ggml.tokens")?.count
    let stated = try integer("llama.vocab_size")
    let rows = tensors.first { $0.name == WeightName.embedding.gguf }?.shape.first
    let size = try required("tokenizer.ggml.tokens", tokens ?? stated ?? rows)
    if let stated, stated != size {
      throw FileError(
        path, "the key llama.vocab_size",
        .invalid(expected: "the number of tokens, \(size)", found: "\(stated)"))
    }
    return size
  }

  fileprivate func headDim(
    hiddenSize: Int, attentionHeads: Int
  ) throws(FileError) -> Int {
    let derived = attentionHeads > 0 ? hiddenSize / attentionHeads : 0
    let headDim = try integer("llama.attention.key_length") ?? derived
    for key in ["llama.attention.value_length", "llama.rope.dimension_count"] {
      if let other = try integer(key), other != headDim {
        throw unsupported(key, found: "\(other)", supported: "the size of a head, \(headDim)")
      }
    }
    return headDim
  }

  fileprivate func rotaryScaling(divisors: [Double]?) throws(FileError) -> RotaryScaling {
    let typeKey = "llama.rope.scaling.type"
    let olderFactor = try number("llama.rope.scale_linear")
    let factor = try number("llama.rope.scaling.factor") ?? olderFactor
    // Files that state a factor alone are older than the key for the type, and mean "linear".
    let type = try text(typeKey) ?? (factor == nil ? "none" : "linear")
    switch (type, divisors) {
    case ("none", nil): return .unscaled
    case ("none", let divisors?): return .divided(by: divisors)
    case ("linear", nil):
      return .linear(factor: try required("llama.rope.scaling.factor", factor))
    case ("linear", .some):
      throw unsupported(
        typeKey, found: type, supported: "none, beside the tensor rope_freqs.weight")
    default: throw unsupported(typeKey, found: type, supported: "none or linear")
    }
  }

  fileprivate func endTokenIDs() throws(FileError) -> [TokenID] {
    var ids: [TokenID] = []
    for name in ["eos", "eot", "eom"] {
      if let id = try integer("tokenizer.ggml.\(name)_token_id"), !ids.contains(id) {
        ids.append(id)
      }
    }
    return ids
  }
}
