import Files

extension LlamaConfiguration {
  /// Reads base, scaling and rotated part from a config.json, as transformers 4 writes them or as
  /// transformers 5 does. Call it when all else is read.
  ///
  /// LongRoPE has one list of divisors for texts within the original context and another for longer
  /// ones, whose keys would have to be computed anew when a text outgrows it. The first list is used,
  /// and the context is the original one (docs/divergences.md).
  mutating func readRotary(_ file: JSONNode) throws {
    let stated = try file.optional("rope_scaling") ?? file.optional("rope_parameters")
    // Gemma 3 has parameters for each type of layer in transformers 5.
    let byLayer = try stated?.optional("full_attention")
    if let byLayer, variant.family != .gemma3 {
      throw byLayer.error(
        .unsupported(found: "parameters by type of layer", supported: "those of all layers"))
    }
    let global = byLayer ?? stated
    let local = try stated?.optional("sliding_attention")
    ropeBase =
      try (global?.optional("rope_theta") ?? file.optional("rope_theta"))?.number() ?? ropeBase
    if variant.family == .gemma3 {
      let base = try local?.optional("rope_theta") ?? file.optional("rope_local_base_freq")
      variant.localRopeBase = try base?.number() ?? 10_000
      if let type = try local?.optional("rope_type"), try type.string() != "default" {
        throw type.error(.unsupported(found: try type.string(), supported: "default"))
      }
    }
    try readRotatedPart(file, global)
    guard let global else { return }
    let type = try global.optional("rope_type") ?? global.optional("type")
    ropeScaling = try global.scaling(type, in: file, self)
    if case .divided = ropeScaling { contextLength = try global.originalContext(file, self) }
  }

  private mutating func readRotatedPart(
    _ file: JSONNode, _ parameters: JSONNode?
  ) throws {
    let key = "partial_rotary_factor"
    guard let node = try parameters?.optional(key) ?? file.optional(key) else { return }
    let factor = try node.number()
    if factor == 1 { return }
    guard variant.family == .phi3 else {
      throw node.error(.unsupported(found: "\(factor)", supported: "1"))
    }
    guard factor > 0, factor < 1 else {
      throw node.error(.invalid(expected: "a number above 0, at most 1", found: "\(factor)"))
    }
    variant.rotaryDim = Int(Double(headDim) * factor)
  }
}

extension JSONNode {
  fileprivate func originalContext(
    _ file: JSONNode, _ sizes: LlamaConfiguration
  ) throws -> Int {
    let key = "original_max_position_embeddings"
    let original = try (file.optional(key) ?? optional(key))?.wholeNumber() ?? sizes.contextLength
    guard original > 1 else {
      throw child(key, .null).error(
        .invalid(expected: "a number above 1", found: "\(original)"))
    }
    return original
  }

  fileprivate func scaling(
    _ type: JSONNode?, in file: JSONNode, _ sizes: LlamaConfiguration
  ) throws -> RotaryScaling {
    func number(_ key: String) throws -> Double { try required(key).number() }
    let original = try originalContext(file, sizes)
    var name = try type?.string() ?? "default"
    if sizes.variant.family == .phi3, ["su", "yarn"].contains(name) { name = "longrope" }
    switch name {
    case "default": return .unscaled
    // Its base grows with the text beyond the context, which no text exceeds here.
    case "dynamic": return .unscaled
    case "linear": return .linear(factor: try number("factor"))
    case "llama3":
      return .llama3(
        factor: try number("factor"), lowFrequencyFactor: try number("low_freq_factor"),
        highFrequencyFactor: try number("high_freq_factor"), originalContextLength: original)
    case "yarn": return .yarn(try yarn(originalContextLength: original, sizes))
    case "longrope": return try longRope(originalContextLength: original, sizes)
    default:
      throw (type ?? self).error(
        .unsupported(
          found: name, supported: "default, linear, dynamic, llama3, yarn or longrope"))
    }
  }

  private func yarn(
    originalContextLength original: Int, _ sizes: LlamaConfiguration
  ) throws -> YarnScaling {
    let factor =
      try optional("factor")?.number() ?? Double(sizes.contextLength) / Double(original)
    try checkFactor(factor)
    let attention: Double
    if let stated = try optional("attention_factor") {
      attention = try stated.number()
    } else if let above = try optional("mscale")?.number(), above != 0,
      let below = try optional("mscale_all_dim")?.number(), below != 0
    {
      attention =
        YarnScaling.attentionFactor(factor: factor, multiplier: above)
        / YarnScaling.attentionFactor(factor: factor, multiplier: below)
    } else {
      attention = YarnScaling.attentionFactor(factor: factor)
    }
    // Zero means the default, as in transformers.
    func beta(_ key: String, _ known: Double) throws -> Double {
      let stated = try optional(key)?.number() ?? 0
      return stated == 0 ? known : stated
    }
    return YarnScaling(
      factor: factor, attentionFactor: attention, betaFast: try beta("beta_fast", 32),
      betaSlow: try beta("beta_slow", 1), originalContextLength: original,
      roundsBounds: try optional("truncate")?.bool() ?? true)
  }

  private func longRope(
    originalContextLength original: Int, _ sizes: LlamaConfiguration
  ) throws -> RotaryScaling {
    let factor =
      try optional("factor")?.number() ?? Double(sizes.contextLength) / Double(original)
    try checkFactor(factor)
    let derived =
      factor <= 1
      ? 1
      : (1 + RotaryFunctions.naturalLogarithm(factor)
        / RotaryFunctions.naturalLogarithm(Double(original))).squareRoot()
    return .divided(
      by: try required("short_factor").numbers(),
      attentionFactor: try optional("attention_factor")?.number() ?? derived)
  }

  private func checkFactor(_ factor: Double) throws {
    guard factor > 0, factor.isFinite else {
      throw child("factor", .null).error(
        .invalid(expected: "a positive number", found: "\(factor)"))
    }
  }
}
