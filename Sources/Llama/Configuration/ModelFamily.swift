/// The families of models whose forward pass is known here; `ModelVariant` says what each computes
/// beyond LLaMA.
public enum ModelFamily: String, Codable, CaseIterable, Sendable {
  case llama, mistral, qwen2, qwen3, smollm3, gemma2, gemma3, olmo2, granite, phi3

  /// By `model_type` of a config.json (transformers 5.23.0).
  static let byModelType: [String: ModelFamily] = [
    "llama": .llama, "mistral": .mistral, "ministral": .mistral, "qwen2": .qwen2,
    "qwen3": .qwen3, "smollm3": .smollm3, "gemma2": .gemma2, "gemma3_text": .gemma3,
    "olmo2": .olmo2, "granite": .granite, "granitemoehybrid": .granite, "phi3": .phi3,
  ]

  /// By `general.architecture` of a GGUF file. A Mistral is stored as a "llama".
  static let byArchitecture: [String: ModelFamily] = [
    "llama": .llama, "qwen2": .qwen2, "qwen3": .qwen3, "smollm3": .smollm3, "gemma2": .gemma2,
    "gemma3": .gemma3, "olmo2": .olmo2, "granite": .granite, "phi3": .phi3,
  ]

  /// The name by which people know the family.
  public var name: String {
    switch self {
    case .llama: "LLaMA"
    case .mistral: "Mistral"
    case .qwen2: "Qwen 2"
    case .qwen3: "Qwen 3"
    case .smollm3: "SmolLM3"
    case .gemma2: "Gemma 2"
    case .gemma3: "Gemma 3"
    case .olmo2: "OLMo 2"
    case .granite: "Granite"
    case .phi3: "Phi-3"
    }
  }

  var isGemma: Bool { self == .gemma2 || self == .gemma3 }

  /// Whether GGUF files have the rows of the rotated projections in pairs (`RowOrder`): the
  /// architectures that llama.cpp rotates by neighbours ("norm"), not by halves ("neox").
  var storesPairedRows: Bool {
    switch self {
    case .llama, .mistral, .smollm3, .granite: true
    case .qwen2, .qwen3, .gemma2, .gemma3, .olmo2, .phi3: false
    }
  }

  /// What a model of another type is, where its name tells that it cannot be computed here.
  static func kind(of type: String) -> String? {
    let kinds: [(parts: [String], kind: String)] = [
      (
        ["moe", "mixtral", "deepseek_v", "deepseek2", "gpt_oss", "gpt-oss", "dbrx"],
        "a mixture of experts"
      ),
      (
        [
          "mamba", "jamba", "bamba", "falcon_h1", "falcon-h1", "lfm2", "qwen3_next", "qwen3next",
          "nemotron_h", "recurrent_gemma", "rwkv", "granitehybrid",
        ],
        "with state-space layers"
      ),
      (
        ["_vl", "vl", "gemma3", "gemma3n", "llava", "mllama", "mistral3", "idefics", "pixtral"],
        "multimodal"
      ),
    ]
    return kinds.first { $0.parts.contains { type.contains($0) } }?.kind
  }
}
