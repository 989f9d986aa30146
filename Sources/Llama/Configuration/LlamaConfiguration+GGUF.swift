import Files
import Tensor

extension LlamaConfiguration {
  /// The configuration that a GGUF file of one of the families' architectures states, checked.
  ///
  /// Whether there are biases and a separate output head is told by the tensors that are there.
  /// - Parameter rotaryDivisors: the values of the tensor `rope_freqs.weight`, or of
  ///   `rope_factors_short.weight`, if there is one.
  init(_ file: GGUFFile, rotaryDivisors: [Double]?) throws(FileError) {
    let metadata = file.metadata
    let keys = try GGUFHyperparameters(metadata)
    try keys.checkAll()
    let names = Set(file.tensors.map(\.name))
    let hidden = try keys.size("embedding_length")
    let heads = try keys.size("attention.head_count")
    let layerCount = try keys.size("block_count")
    self.init(
      vocabularySize: try keys.vocabularySize(tensors: file.tensors),
      hiddenSize: hidden,
      intermediateSize: try keys.size("feed_forward_length"),
      layerCount: layerCount,
      attentionHeads: heads,
      kvHeads: try keys.commonInteger("attention.head_count_kv") ?? heads,
      headDim: try keys.headDim(hiddenSize: hidden, attentionHeads: heads),
      rmsNormEpsilon: Float(try keys.requiredNumber("attention.layer_norm_rms_epsilon")),
      ropeBase: try keys.number("rope.freq_base") ?? 10_000,
      ropeScaling: .unscaled,
      contextLength: try keys.size("context_length"),
      tiesEmbeddings: !names.contains(WeightName.outputHead.gguf),
      hasAttentionBias: names.contains(WeightName.bias(0, .query).gguf),
      hasFeedForwardBias: names.contains(WeightName.bias(0, .gate).gguf),
      bosTokenID: try metadata.integer("tokenizer.ggml.bos_token_id"),
      eosTokenIDs: try metadata.endTokenIDs())
    try checkSizes(path: file.file.path)
    variant = try keys.variant(self, tensorNames: names)
    ropeScaling = try keys.rotaryScaling(divisors: rotaryDivisors)
    if keys.family == .phi3, case .divided = ropeScaling {
      contextLength = try keys.integer("rope.scaling.original_context_length") ?? contextLength
    }
    try validated(path: file.file.path)
  }
}

extension GGUFMetadata {
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

extension GGUFHyperparameters {
  /// The number of tokens, or of rows of the embedding in a file without a tokenizer.
  fileprivate func vocabularySize(tensors: [ListedTensor]) throws(FileError) -> Int {
    let tokens = try metadata.texts("tokenizer.ggml.tokens")?.count
    let stated = try integer("vocab_size")
    let rows = tensors.first { $0.name == WeightName.embedding.gguf }?.shape.first
    let size = try metadata.required("tokenizer.ggml.tokens", tokens ?? stated ?? rows)
    if let stated, stated != size {
      throw invalid("vocab_size", expected: "the number of tokens, \(size)", found: "\(stated)")
    }
    return size
  }

  fileprivate func headDim(hiddenSize: Int, attentionHeads: Int) throws(FileError) -> Int {
    let derived = attentionHeads > 0 ? hiddenSize / attentionHeads : 0
    let headDim = try integer("attention.key_length") ?? derived
    let others =
      family == .phi3
      ? ["attention.value_length"] : ["attention.value_length", "rope.dimension_count"]
    for key in others {
      if let other = try integer(key), other != headDim {
        throw unsupported(key, found: "\(other)", supported: "the size of a head, \(headDim)")
      }
    }
    return headDim
  }

  fileprivate func rotaryScaling(divisors: [Double]?) throws(FileError) -> RotaryScaling {
    let typeKey = "rope.scaling.type"
    let olderFactor = try number("rope.scale_linear")
    let factor = try number("rope.scaling.factor") ?? olderFactor
    // Files that state a factor alone are older than the key for the type, and mean "linear".
    let type = try text(typeKey) ?? (factor == nil ? "none" : "linear")
    let factorKey = "rope.scaling.attn_factor"
    let attentionFactor = try number(factorKey) ?? 1
    switch (type, divisors) {
    case ("none", nil), ("linear", nil):
      guard attentionFactor == 1 else {
        throw unsupported(factorKey, found: "\(attentionFactor)", supported: "1.0")
      }
      if type == "none" { return .unscaled }
      return .linear(factor: try metadata.required("\(architecture).rope.scaling.factor", factor))
    case ("none", let divisors?), ("longrope", let divisors?):
      return .divided(by: divisors, attentionFactor: attentionFactor)
    case ("yarn", nil): return .yarn(try yarn(attentionFactor: attentionFactor))
    case (_, .some):
      throw unsupported(
        typeKey, found: type, supported: "none, beside a tensor of rotary divisors")
    default:
      throw unsupported(typeKey, found: type, supported: "none, linear, yarn or longrope")
    }
  }

  private func yarn(attentionFactor: Double) throws(FileError) -> YarnScaling {
    let factor = try requiredNumber("rope.scaling.factor")
    let context = try size("context_length")
    return YarnScaling(
      factor: factor,
      attentionFactor: attentionFactor * YarnScaling.attentionFactor(factor: factor),
      betaFast: try number("rope.scaling.yarn_beta_fast") ?? 32,
      betaSlow: try number("rope.scaling.yarn_beta_slow") ?? 1,
      originalContextLength: try integer("rope.scaling.original_context_length") ?? context)
  }
}
