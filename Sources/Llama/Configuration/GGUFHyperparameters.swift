import Files

/// The metadata of a GGUF file about its architecture: keys that begin with the architecture's name,
/// here without it.
struct GGUFHyperparameters {
  let metadata: GGUFMetadata
  let architecture: String
  let family: ModelFamily

  /// - Throws: `FileError` if the architecture is that of none of the families.
  init(_ metadata: GGUFMetadata) throws(FileError) {
    let key = "general.architecture"
    architecture = try metadata.required(key, try metadata.text(key))
    self.metadata = metadata
    guard let family = ModelFamily.byArchitecture[architecture] else {
      let kind = ModelFamily.kind(of: architecture).map { " (\($0))" } ?? ""
      throw FileError(
        metadata.path, "the key \(key)",
        .unsupported(
          found: architecture + kind,
          supported: ModelFamily.byArchitecture.keys.sorted().joined(separator: ", ")))
    }
    self.family = family
  }

  func integer(_ key: String) throws(FileError) -> Int? { try metadata.integer(named(key)) }
  func number(_ key: String) throws(FileError) -> Double? { try metadata.number(named(key)) }
  func text(_ key: String) throws(FileError) -> String? { try metadata.text(named(key)) }

  func size(_ key: String) throws(FileError) -> Int {
    try metadata.required(named(key), try commonInteger(key))
  }

  func requiredNumber(_ key: String) throws(FileError) -> Double {
    try metadata.required(named(key), try number(key))
  }

  /// An integer, or an array of equal ones, one for each layer.
  func commonInteger(_ key: String) throws(FileError) -> Int? {
    guard metadata.values[named(key)]?.isArray == true else { return try integer(key) }
    let values = try metadata.integers(named(key)) ?? []
    guard let first = values.first, values.allSatisfy({ $0 == first }) else {
      throw unsupported(
        key, found: values.isEmpty ? "none" : "different ones", supported: "equal ones")
    }
    return first
  }

  private func named(_ key: String) -> String { "\(architecture).\(key)" }

  func unsupported(_ key: String, found: String, supported: String) -> FileError {
    FileError(
      metadata.path, "the key \(named(key))", .unsupported(found: found, supported: supported))
  }

  func invalid(_ key: String, expected: String, found: String) -> FileError {
    FileError(metadata.path, "the key \(named(key))", .invalid(expected: expected, found: found))
  }

  /// The keys that are read of every architecture, and those known not to change what is computed.
  private static let common: Set<String> = [
    "embedding_length", "attention.head_count", "feed_forward_length", "block_count",
    "attention.head_count_kv", "attention.key_length", "attention.value_length",
    "attention.layer_norm_rms_epsilon", "context_length", "rope.freq_base",
    "rope.dimension_count", "rope.scaling.type", "rope.scaling.factor", "rope.scale_linear",
    "vocab_size", "rope.scaling.original_context_length", "rope.scaling.finetuned",
    "tensor_data_layout", "rope.scaling.attn_factor", "rope.scaling.yarn_beta_fast",
    "rope.scaling.yarn_beta_slow",
  ]

  /// The keys that are read of one family only.
  private var own: Set<String> {
    switch family {
    case .llama, .mistral, .qwen2, .qwen3, .smollm3, .olmo2: []
    case .gemma2:
      [
        "attention.sliding_window", "attention.sliding_window_pattern", "attn_logit_softcapping",
        "final_logit_softcapping",
      ]
    case .gemma3:
      [
        "attention.sliding_window", "attention.sliding_window_pattern", "final_logit_softcapping",
        "rope.freq_base_swa",
      ]
    case .granite: ["logit_scale", "residual_scale", "embedding_scale", "attention.scale"]
    case .phi3: ["attention.sliding_window"]
    }
  }

  /// Keys that may be there as long as they have this value, which changes nothing.
  private static let neutral = [
    "expert_count": "0", "expert_used_count": "0", "attention.causal": "true",
    "use_parallel_residual": "false", "rope.scaling.yarn_ext_factor": "1.0",
    "rope.scaling.yarn_attn_factor": "1.0", "attention.sliding_window": "0",
  ]

  /// Throws unless every hyperparameter is one whose effect is known: one that is not known may change
  /// what the model computes.
  func checkAll() throws(FileError) {
    let prefix = "\(architecture)."
    let understood = Self.common.union(own)
    for (key, value) in metadata.values.sorted(by: { $0.key < $1.key }) where key.hasPrefix(prefix)
    {
      let key = String(key.dropFirst(prefix.count))
      if understood.contains(key) || Self.neutral[key] == value.shortDescription { continue }
      throw unsupported(
        key, found: value.shortDescription,
        supported: Self.neutral[key] ?? "a file without this key")
    }
  }
}
