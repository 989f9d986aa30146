/// A part of a transformer block that has weights: `[outputs, inputs]` of a projection, `[features]` of
/// a norm. In the order of the forward pass; a model has those of `all(in:)`.
public enum LayerPart: Hashable, Sendable, CaseIterable {
  /// Scales of the RMSNorm before attention.
  case attentionNorm
  case query, key, value
  /// Scales of the norms of queries and of keys (`QueryKeyNorm`).
  case queryNorm, keyNorm
  case attentionOutput
  /// Scales of the RMSNorm behind attention.
  case attentionOutputNorm
  /// Scales of the RMSNorm before the feed-forward network.
  case feedForwardNorm
  case gate, up, down
  /// Scales of the RMSNorm behind the feed-forward network.
  case feedForwardOutputNorm

  /// The parts that a block of this configuration has.
  static func all(in configuration: LlamaConfiguration) -> [LayerPart] {
    let variant = configuration.variant
    return allCases.filter { part in
      switch part {
      case .attentionNorm, .feedForwardNorm: variant.normPlacement.isBefore
      case .attentionOutputNorm, .feedForwardOutputNorm: variant.normPlacement.isAfter
      case .queryNorm, .keyNorm: variant.queryKeyNorm != .none
      case .query, .key, .value, .attentionOutput, .gate, .up, .down: true
      }
    }
  }

  /// The name in a Hugging Face folder. That of the norm before the feed-forward network is older than
  /// norms behind attention, whose name it has where there are none.
  func huggingFace(in configuration: LlamaConfiguration) -> String {
    switch self {
    case .attentionNorm: "input_layernorm"
    case .query: "self_attn.q_proj"
    case .key: "self_attn.k_proj"
    case .value: "self_attn.v_proj"
    case .queryNorm: "self_attn.q_norm"
    case .keyNorm: "self_attn.k_norm"
    case .attentionOutput: "self_attn.o_proj"
    case .attentionOutputNorm: "post_attention_layernorm"
    case .feedForwardNorm:
      configuration.variant.normPlacement.isAfter
        ? "pre_feedforward_layernorm" : "post_attention_layernorm"
    case .gate: "mlp.gate_proj"
    case .up: "mlp.up_proj"
    case .down: "mlp.down_proj"
    case .feedForwardOutputNorm: "post_feedforward_layernorm"
    }
  }

  /// The name in a GGUF file.
  var gguf: String {
    switch self {
    case .attentionNorm: "attn_norm"
    case .query: "attn_q"
    case .key: "attn_k"
    case .value: "attn_v"
    case .queryNorm: "attn_q_norm"
    case .keyNorm: "attn_k_norm"
    case .attentionOutput: "attn_output"
    case .attentionOutputNorm: "post_attention_norm"
    case .feedForwardNorm: "ffn_norm"
    case .gate: "ffn_gate"
    case .up: "ffn_up"
    case .down: "ffn_down"
    case .feedForwardOutputNorm: "post_ffw_norm"
    }
  }

  var isNorm: Bool {
    switch self {
    case .attentionNorm, .queryNorm, .keyNorm, .attentionOutputNorm, .feedForwardNorm,
      .feedForwardOutputNorm:
      true
    case .query, .key, .value, .attentionOutput, .gate, .up, .down: false
    }
  }

  func hasBias(in configuration: LlamaConfiguration) -> Bool {
    switch self {
    case .query, .key, .value: configuration.hasAttentionBias
    case .attentionOutput: configuration.hasAttentionBias && !configuration.variant.omitsOutputBias
    case .gate, .up, .down: configuration.hasFeedForwardBias
    case .attentionNorm, .queryNorm, .keyNorm, .attentionOutputNorm, .feedForwardNorm,
      .feedForwardOutputNorm:
      false
    }
  }

  func shape(in configuration: LlamaConfiguration) -> [Int] {
    let hidden = configuration.hiddenSize
    let intermediate = configuration.intermediateSize
    let query = configuration.attentionHeads * configuration.headDim
    let keyValue = configuration.kvHeads * configuration.headDim
    let isByHead = configuration.variant.queryKeyNorm == .heads
    return switch self {
    case .attentionNorm, .attentionOutputNorm, .feedForwardNorm, .feedForwardOutputNorm: [hidden]
    case .query: [query, hidden]
    case .key, .value: [keyValue, hidden]
    case .queryNorm: [isByHead ? configuration.headDim : query]
    case .keyNorm: [isByHead ? configuration.headDim : keyValue]
    case .attentionOutput: [hidden, query]
    case .gate, .up: [intermediate, hidden]
    case .down: [hidden, intermediate]
    }
  }
}
