import Files

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
  /// - Throws: `FileError` with the problem `.invalid`, about the number's Hugging Face name.
  @discardableResult
  public func validated(
    path: String = "the configuration"
  ) throws(FileError) -> LlamaConfiguration {
    let checks = NumberChecks(path: path)
    try checkSizes(path: path)
    try checkHeads(checks)
    try checks.positive(Double(rmsNormEpsilon), "rms_norm_eps")
    try checks.positive(ropeBase, "rope_theta")
    try checkVariant(checks)
    try checkRopeScaling(checks)
    for (key, ids) in [
      ("eos_token_id", eosTokenIDs), ("bos_token_id", bosTokenID.map { [$0] } ?? []),
    ] {
      for id in ids {
        try checks.require(
          0..<vocabularySize ~= id, key, id, "a token id below vocab_size, \(vocabularySize)")
      }
    }
    return self
  }

  /// Checks the sizes by which lists are made, before they are.
  func checkSizes(path: String) throws(FileError) {
    let checks = NumberChecks(path: path)
    try checks.size(vocabularySize, "vocab_size", upTo: Self.vocabularyLimit)
    try checks.size(hiddenSize, "hidden_size", upTo: Self.featureLimit)
    try checks.size(intermediateSize, "intermediate_size", upTo: Self.intermediateLimit)
    try checks.size(layerCount, "num_hidden_layers", upTo: Self.layerLimit)
    try checks.size(contextLength, "max_position_embeddings", upTo: Self.contextLimit)
  }

  private func checkHeads(_ checks: NumberChecks) throws(FileError) {
    try checks.size(attentionHeads, "num_attention_heads", upTo: Self.featureLimit)
    try checks.size(headDim, "head_dim", upTo: Self.featureLimit / attentionHeads)
    try checks.require(headDim.isMultiple(of: 2), "head_dim", headDim, "an even number")
    try checks.size(kvHeads, "num_key_value_heads", upTo: attentionHeads)
    try checks.require(
      attentionHeads.isMultiple(of: kvHeads), "num_key_value_heads", kvHeads,
      "a divisor of num_attention_heads, \(attentionHeads)")
  }

  private func checkVariant(_ checks: NumberChecks) throws(FileError) {
    try checks.positive(variant.embeddingMultiplier, "embedding_multiplier")
    try checks.positive(variant.residualMultiplier, "residual_multiplier")
    try checks.positive(variant.logitDivisor, "logits_scaling")
    if let scale = variant.attentionScale { try checks.positive(scale, "the scale of attention") }
    if let cap = variant.attentionCap { try checks.positive(cap, "attn_logit_softcapping") }
    if let cap = variant.logitCap { try checks.positive(cap, "final_logit_softcapping") }
    if let base = variant.localRopeBase { try checks.positive(base, "rope_local_base_freq") }
    try checks.require(
      rotaryDim.isMultiple(of: 2) && 2...headDim ~= rotaryDim, "the rotated part of a head",
      rotaryDim, "an even number from 2 to head_dim, \(headDim)")
    try checks.require(
      variant.layers.isEmpty || variant.layers.count == layerCount, "the number of layers' types",
      variant.layers.count, "num_hidden_layers, \(layerCount)")
    for window in windows { try checks.size(window, "sliding_window", upTo: Self.contextLimit) }
  }

  private func checkRopeScaling(_ checks: NumberChecks) throws(FileError) {
    switch ropeScaling {
    case .unscaled: break
    case .linear(let factor): try checks.positive(factor, "rope_scaling.factor")
    case .llama3(let factor, let low, let high, let original):
      try checks.positive(factor, "rope_scaling.factor")
      try checks.positive(low, "rope_scaling.low_freq_factor")
      try checks.positive(high, "rope_scaling.high_freq_factor")
      try checks.require(
        high > low, "rope_scaling.high_freq_factor", high, "a number above low_freq_factor, \(low)")
      try checks.size(
        original, "rope_scaling.original_max_position_embeddings", upTo: Self.contextLimit)
    case .yarn(let yarn):
      try checks.positive(yarn.factor, "rope_scaling.factor")
      try checks.positive(yarn.attentionFactor, "rope_scaling.attention_factor")
      try checks.positive(yarn.betaFast, "rope_scaling.beta_fast")
      try checks.positive(yarn.betaSlow, "rope_scaling.beta_slow")
      try checks.require(ropeBase > 1, "rope_theta", ropeBase, "a number above 1")
      try checks.size(
        yarn.originalContextLength, "rope_scaling.original_max_position_embeddings",
        upTo: Self.contextLimit)
    case .divided(let divisors, let attentionFactor):
      try checks.require(
        divisors.count == rotaryDim / 2, "the number of rotary divisors", divisors.count,
        "half of the rotated part of a head, \(rotaryDim / 2)")
      for divisor in divisors { try checks.positive(divisor, "a rotary divisor") }
      try checks.positive(attentionFactor, "rope_scaling.attention_factor")
    }
    let rotations: [LayerRotation] =
      variant.localRopeBase == nil ? [.global] : [.global, .local]
    let frequencies = rotations.flatMap {
      RotaryEmbedding(self, rotation: $0).frequencies
    }
    let largestAngles = frequencies.map { $0 * Double(contextLength) }
    try checks.require(
      largestAngles.allSatisfy { 0 <= $0 && $0 <= RotaryFunctions.largestAngle }, "rope_scaling",
      ropeScaling,
      "a rule by which no angle exceeds 2^32")
  }
}

/// Checks of numbers of a configuration, with the names by which errors call them.
private struct NumberChecks {
  let path: String

  func require(
    _ condition: Bool, _ name: String, _ found: some Any, _ expected: String
  ) throws(FileError) {
    guard condition else {
      throw FileError(path, name, .invalid(expected: expected, found: "\(found)"))
    }
  }

  func size(_ size: Int, _ name: String, upTo limit: Int) throws(FileError) {
    try require(1...limit ~= size, name, size, "an integer from 1 to \(limit)")
  }

  func positive(_ number: Double, _ name: String) throws(FileError) {
    try require(number > 0 && number.isFinite, name, number, "a positive number")
  }
}
