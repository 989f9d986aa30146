import Files
import Tensor

extension ModelVariant {
  /// What the family computes beyond a LLaMA, with the numbers of a config.json.
  /// - Parameter sizes: the configuration as far as it has been read, its sizes checked.
  /// - Throws: `FileError`.
  init(
    huggingFace file: JSONNode, _ family: ModelFamily, _ sizes: LlamaConfiguration
  ) throws(FileError) {
    self.init(family)
    activation = try file.activation(family)
    switch family {
    case .llama, .mistral, .smollm3, .phi3: break
    case .qwen2: omitsOutputBias = true
    case .qwen3: queryKeyNorm = .heads
    case .olmo2:
      normPlacement = .after
      queryKeyNorm = .projection
    case .granite:
      embeddingMultiplier = try file.optional("embedding_multiplier")?.number() ?? 1
      residualMultiplier = try file.optional("residual_multiplier")?.number() ?? 1
      logitDivisor = try file.optional("logits_scaling")?.number() ?? 1
      attentionScale = try file.optional("attention_multiplier")?.number() ?? 1
    case .gemma2, .gemma3:
      try readGemma(file, hiddenSize: sizes.hiddenSize)
    }
    layers = try file.layers(family, count: sizes.layerCount)
  }

  private mutating func readGemma(_ file: JSONNode, hiddenSize: Int) throws(FileError) {
    normPlacement = .both
    queryKeyNorm = family == .gemma3 ? .heads : .none
    embeddingMultiplier = Double(hiddenSize).squareRoot()
    let scalar = try file.optional("query_pre_attn_scalar")?.number() ?? 256
    attentionScale = 1 / scalar.squareRoot()
    func cap(_ key: String, default known: Double?) throws(FileError) -> Double? {
      try file.has(key) ? file.optional(key)?.number() : known
    }
    if family == .gemma2 {
      attentionCap = try cap("attn_logit_softcapping", default: 50)
      logitCap = try cap("final_logit_softcapping", default: 30)
    } else {
      // Transformers reads Gemma 3's cap of attention and does not use it.
      logitCap = try cap("final_logit_softcapping", default: nil)
    }
    if let node = try file.optional("use_bidirectional_attention"), try node.bool() {
      throw node.error(.unsupported(found: "true", supported: "false"))
    }
  }
}

extension JSONNode {
  fileprivate func activation(_ family: ModelFamily) throws(FileError) -> Activation {
    guard let node = try optional(family.isGemma ? "hidden_activation" : "hidden_act") else {
      return family.isGemma ? .tanhGELU : .silu
    }
    switch try node.string() {
    case "silu", "swish": return .silu
    case "gelu_pytorch_tanh", "gelu_new": return .tanhGELU
    case let other:
      throw node.error(.unsupported(found: other, supported: "silu or gelu_pytorch_tanh"))
    }
  }

  /// The layers of a model whose layers differ, or which has windows; else none.
  fileprivate func layers(
    _ family: ModelFamily, count: Int
  ) throws(FileError) -> [LayerVariant] {
    let window = try window(family)
    let rotates = family == .smollm3 ? try rotatedLayers(count: count) : nil
    let isWindowed = try windowedLayers(family, count: count, rotates: rotates)
    let layers = (0..<count).map { layer in
      let hasWindow = window != nil && isWindowed(layer)
      // Gemma 3 turns layers with a window by frequencies of their own.
      let isLocal = family == .gemma3 && isWindowed(layer)
      return LayerVariant(
        window: hasWindow ? window : nil,
        rotation: rotates?[layer] == false ? .none : isLocal ? .local : .global)
    }
    return layers.allSatisfy { $0 == .standard } ? [] : layers
  }

  /// The window that layers of the family may have.
  private func window(_ family: ModelFamily) throws(FileError) -> Int? {
    let key = "sliding_window"
    switch family {
    case .llama, .olmo2, .granite: return nil
    case .qwen2, .qwen3, .smollm3:
      guard try optional("use_sliding_window")?.bool() ?? false else { return nil }
    case .mistral, .gemma2, .gemma3, .phi3: break
    }
    guard let node = try optional(key) else {
      return try has(key) ? nil : FamilyDefaults(family).window
    }
    let window = try node.wholeNumber()
    guard window > 0 else {
      throw node.error(.invalid(expected: "a positive number or null", found: "\(window)"))
    }
    return window
  }

  /// Which layers have the window: as `layer_types` lists them, or by the family's rule.
  private func windowedLayers(
    _ family: ModelFamily, count: Int, rotates: [Bool]?
  ) throws(FileError) -> (Int) -> Bool {
    let isMistral = try required("model_type").string() == "mistral"
    if !isMistral, ![.llama, .olmo2, .granite, .phi3].contains(family),
      let node = try optional("layer_types")
    {
      let types = try node.strings()
      guard types.count == count else {
        throw node.error(
          .invalid(expected: "\(count) types, one for each layer", found: "\(types.count)"))
      }
      let known = ["full_attention", "sliding_attention"]
      if let other = types.first(where: { !known.contains($0) }) {
        throw node.error(
          .unsupported(found: other, supported: known.joined(separator: " or ")))
      }
      return { types[$0] == "sliding_attention" }
    }
    switch family {
    case .llama, .olmo2, .granite: return { _ in false }
    case .mistral, .phi3: return { _ in true }
    case .qwen2, .qwen3:
      let first = try optional("max_window_layers")?.wholeNumber() ?? 28
      return { $0 >= first }
    case .smollm3: return { rotates?[$0] == false }
    case .gemma2: return { $0.isMultiple(of: 2) }
    case .gemma3:
      let pattern = try positive("sliding_window_pattern") ?? 6
      return { !($0 + 1).isMultiple(of: pattern) }
    }
  }

  /// Which layers of a SmolLM3 are rotated.
  private func rotatedLayers(count: Int) throws(FileError) -> [Bool] {
    if let node = try optional("no_rope_layers") {
      let flags = try node.integers()
      guard flags.count == count else {
        throw node.error(
          .invalid(expected: "\(count) numbers, one for each layer", found: "\(flags.count)"))
      }
      return flags.map { $0 != 0 }
    }
    let interval = try positive("no_rope_layer_interval") ?? 4
    return (0..<count).map { !($0 + 1).isMultiple(of: interval) }
  }

  private func positive(_ key: String) throws(FileError) -> Int? {
    guard let node = try optional(key) else { return nil }
    let number = try node.wholeNumber()
    guard number > 0 else {
      throw node.error(.invalid(expected: "a positive number", found: "\(number)"))
    }
    return number
  }
}
