extension LlamaConfiguration {
  // Far above any model there is, and low enough that no product of sizes (elements of a tensor,
  // bytes of all weights, bytes of a full cache) can overflow 63 bits.
  static let vocabularyLimit = 1 << 24
  static let featureLimit = 1 << 20
  static let intermediateLimit = 1 << 22
  package static let layerLimit = 1 << 12
  static let contextLimit = 1 << 27

  /// This configuration, if its numbers fit together and are of a size that can be computed with.
  ///
  /// - Parameter path: the file the numbers come from, for the message.
  /// - Throws: `ConfigurationError.invalid`, with the number's Hugging Face name as its key.
  @discardableResult
  public func validated(
    path: String = "the configuration"
  ) throws(ConfigurationError) -> LlamaConfiguration {
    func check(
      _ condition: Bool, _ key: String, _ found: some Any, needs expected: String
    ) throws(ConfigurationError) {
      guard condition else {
        throw .invalid(path: path, key: key, expected: expected, found: "\(found)")
      }
    }
    func checkSize(_ size: Int, _ key: String, upTo limit: Int) throws(ConfigurationError) {
      try check(1...limit ~= size, key, size, needs: "an integer from 1 to \(limit)")
    }
    try checkSize(vocabularySize, "vocab_size", upTo: Self.vocabularyLimit)
    try checkSize(hiddenSize, "hidden_size", upTo: Self.featureLimit)
    try checkSize(intermediateSize, "intermediate_size", upTo: Self.intermediateLimit)
    try checkSize(layerCount, "num_hidden_layers", upTo: Self.layerLimit)
    try checkSize(contextLength, "max_position_embeddings", upTo: Self.contextLimit)
    try checkSize(attentionHeads, "num_attention_heads", upTo: Self.featureLimit)
    try checkSize(headDim, "head_dim", upTo: Self.featureLimit / attentionHeads)
    try check(headDim.isMultiple(of: 2), "head_dim", headDim, needs: "an even number")
    try checkSize(kvHeads, "num_key_value_heads", upTo: attentionHeads)
    try check(
      attentionHeads.isMultiple(of: kvHeads), "num_key_value_heads", kvHeads,
      needs: "a divisor of num_attention_heads, \(attentionHeads),")
    try check(
      rmsNormEpsilon > 0 && rmsNormEpsilon.isFinite, "rms_norm_eps", rmsNormEpsilon,
      needs: "a positive number")
    try check(
      ropeBase > 0 && ropeBase.isFinite, "rope_theta", ropeBase, needs: "a positive number")
    try ropeScaling.validate(headDim: headDim, path: path)
    let largestAngles = RotaryEmbedding(self).frequencies.map { $0 * Double(contextLength) }
    try check(
      largestAngles.allSatisfy { $0 <= RotaryEmbedding.largestAngle }, "rope_scaling", ropeScaling,
      needs: "a rule by which no angle exceeds 2^32")
    let ends = eosTokenIDs.map { ("eos_token_id", $0) }
    for (key, id) in ends + [bosTokenID].compactMap(\.self).map({ ("bos_token_id", $0) }) {
      try check(
        0..<vocabularySize ~= id, key, id,
        needs: "a token id below vocab_size, \(vocabularySize),")
    }
    return self
  }
}

extension RotaryScaling {
  /// Throws `ConfigurationError.invalid` unless the numbers are of the kind that the rule needs.
  fileprivate func validate(headDim: Int, path: String) throws(ConfigurationError) {
    func check(
      _ condition: Bool, _ key: String, _ found: some Any, needs expected: String
    ) throws(ConfigurationError) {
      guard condition else {
        throw .invalid(path: path, key: key, expected: expected, found: "\(found)")
      }
    }
    func checkPositive(_ number: Double, _ key: String) throws(ConfigurationError) {
      try check(number > 0 && number.isFinite, key, number, needs: "a positive number")
    }
    switch self {
    case .unscaled: break
    case .linear(let factor): try checkPositive(factor, "rope_scaling.factor")
    case .llama3(let factor, let low, let high, let original):
      try checkPositive(factor, "rope_scaling.factor")
      try checkPositive(low, "rope_scaling.low_freq_factor")
      try checkPositive(high, "rope_scaling.high_freq_factor")
      try check(
        high > low, "rope_scaling.high_freq_factor", high,
        needs: "a number above low_freq_factor, \(low),")
      try check(
        1...LlamaConfiguration.contextLimit ~= original,
        "rope_scaling.original_max_position_embeddings", original,
        needs: "an integer from 1 to \(LlamaConfiguration.contextLimit)")
    case .divided(let divisors):
      try check(
        divisors.count == headDim / 2, "the number of rotary divisors", divisors.count,
        needs: "half of head_dim, \(headDim / 2),")
      for divisor in divisors { try checkPositive(divisor, "a rotary divisor") }
    }
  }
}
