import Files
import Tensor

extension GGUFHyperparameters {
  /// What the family computes beyond a LLaMA. What a file does not state is what llama.cpp computes.
  /// - Parameter sizes: the configuration as far as it has been read, its sizes checked.
  func variant(
    _ sizes: LlamaConfiguration, tensorNames: Set<String>
  ) throws(FileError) -> ModelVariant {
    var variant = ModelVariant(family)
    variant.omitsOutputBias =
      sizes.hasAttentionBias
      && !tensorNames.contains(WeightName.bias(0, .attentionOutput).gguf)
    switch family {
    case .llama, .mistral, .qwen2: break
    case .qwen3: variant.queryKeyNorm = .heads
    case .olmo2:
      variant.normPlacement = .after
      variant.queryKeyNorm = .projection
    case .smollm3:
      variant.layers = (0..<sizes.layerCount).map {
        LayerVariant(rotation: ($0 + 1).isMultiple(of: 4) ? .none : .global)
      }
    case .granite:
      variant.embeddingMultiplier = try number("embedding_scale") ?? 1
      variant.residualMultiplier = try number("residual_scale") ?? 1
      variant.logitDivisor = try number("logit_scale") ?? 1
      variant.attentionScale = try number("attention.scale")
    case .phi3:
      variant.rotaryDim = try integer("rope.dimension_count")
      if let window = try window() {
        variant.layers = Array(repeating: LayerVariant(window: window), count: sizes.layerCount)
      }
    case .gemma2, .gemma3: try readGemma(&variant, sizes)
    }
    if variant.rotaryDim == sizes.headDim { variant.rotaryDim = nil }
    return variant
  }

  private func readGemma(
    _ variant: inout ModelVariant, _ sizes: LlamaConfiguration
  ) throws(FileError) {
    let isThird = family == .gemma3
    variant.normPlacement = .both
    variant.queryKeyNorm = isThird ? .heads : .none
    variant.activation = .tanhGELU
    variant.embeddingMultiplier = Double(sizes.hiddenSize).squareRoot()
    // Files do not state the scale; the largest model of each family has another.
    let isLargest = sizes.layerCount == (isThird ? 62 : 46)
    let scaled = isLargest ? sizes.hiddenSize / max(1, sizes.attentionHeads) : sizes.headDim
    variant.attentionScale = 1 / Double(scaled).squareRoot()
    variant.attentionCap = isThird ? nil : try number("attn_logit_softcapping") ?? 50
    variant.logitCap = try number("final_logit_softcapping") ?? (isThird ? nil : 30)
    if isThird { variant.localRopeBase = try number("rope.freq_base_swa") ?? 10_000 }
    let key = "attention.sliding_window"
    guard let window = try window() ?? (isThird ? nil : 4_096) else {
      throw FileError(metadata.path, "the key \(architecture).\(key)", .missing)
    }
    let isWindowed = try windowedLayers(default: isThird ? 6 : 2, count: sizes.layerCount)
    variant.layers = isWindowed.map {
      LayerVariant(
        window: $0 ? window : nil, rotation: $0 && isThird ? .local : .global)
    }
  }

  private func window() throws(FileError) -> Int? {
    guard let window = try integer("attention.sliding_window"), window != 0 else { return nil }
    guard window > 0 else {
      throw invalid(
        "attention.sliding_window", expected: "a positive number", found: "\(window)")
    }
    return window
  }

  /// Which layers have a window: all but every `pattern`-th, or as an array of Booleans says.
  private func windowedLayers(default known: Int, count: Int) throws(FileError) -> [Bool] {
    let key = "attention.sliding_window_pattern"
    guard let value = metadata.values["\(architecture).\(key)"] else {
      return (0..<count).map { !($0 + 1).isMultiple(of: known) }
    }
    if value.isArray {
      guard case .bool(let flags) = value.elements, flags.count == count else {
        throw invalid(key, expected: "\(count) Booleans", found: value.kind)
      }
      return flags
    }
    let pattern = try integer(key) ?? known
    guard pattern > 0 else {
      throw invalid(key, expected: "a positive number", found: "\(pattern)")
    }
    return (0..<count).map { !($0 + 1).isMultiple(of: pattern) }
  }
}
