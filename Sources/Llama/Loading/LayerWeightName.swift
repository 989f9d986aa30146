/// One parameter tensor of a transformer block.
///
/// Projections are `[outputs, inputs]`; with q = `attentionHeads * headDim` and
/// kv = `kvHeads * headDim`.
public enum LayerWeightName: Hashable, Sendable, CaseIterable {
  /// Scales of the RMSNorm before attention, `[hiddenSize]`.
  case attentionNorm
  /// `[q, hiddenSize]` and `[q]`.
  case query, queryBias
  /// `[kv, hiddenSize]` and `[kv]`.
  case key, keyBias
  /// `[kv, hiddenSize]` and `[kv]`.
  case value, valueBias
  /// `[hiddenSize, q]` and `[hiddenSize]`.
  case attentionOutput, attentionOutputBias
  /// Scales of the RMSNorm before the feed-forward network, `[hiddenSize]`.
  case feedForwardNorm
  /// `[intermediateSize, hiddenSize]` and `[intermediateSize]`.
  case gate, gateBias
  /// `[intermediateSize, hiddenSize]` and `[intermediateSize]`.
  case up, upBias
  /// `[hiddenSize, intermediateSize]` and `[hiddenSize]`.
  case down, downBias

  /// The name within a block, in both kinds of file.
  var names: (huggingFace: String, gguf: String) {
    switch self {
    case .attentionNorm: ("input_layernorm.weight", "attn_norm.weight")
    case .query: ("self_attn.q_proj.weight", "attn_q.weight")
    case .queryBias: ("self_attn.q_proj.bias", "attn_q.bias")
    case .key: ("self_attn.k_proj.weight", "attn_k.weight")
    case .keyBias: ("self_attn.k_proj.bias", "attn_k.bias")
    case .value: ("self_attn.v_proj.weight", "attn_v.weight")
    case .valueBias: ("self_attn.v_proj.bias", "attn_v.bias")
    case .attentionOutput: ("self_attn.o_proj.weight", "attn_output.weight")
    case .attentionOutputBias: ("self_attn.o_proj.bias", "attn_output.bias")
    case .feedForwardNorm: ("post_attention_layernorm.weight", "ffn_norm.weight")
    case .gate: ("mlp.gate_proj.weight", "ffn_gate.weight")
    case .gateBias: ("mlp.gate_proj.bias", "ffn_gate.bias")
    case .up: ("mlp.up_proj.weight", "ffn_up.weight")
    case .upBias: ("mlp.up_proj.bias", "ffn_up.bias")
    case .down: ("mlp.down_proj.weight", "ffn_down.weight")
    case .downBias: ("mlp.down_proj.bias", "ffn_down.bias")
    }
  }

  /// Whether a model of this configuration has the tensor in each of its blocks.
  func exists(in configuration: LlamaConfiguration) -> Bool {
    switch self {
    case .queryBias, .keyBias, .valueBias, .attentionOutputBias: configuration.hasAttentionBias
    case .gateBias, .upBias, .downBias: configuration.hasFeedForwardBias
    default: true
    }
  }

  /// Whether GGUF's llama architecture stores the tensor's rows in pairs (`RowOrder`).
  var isRotated: Bool {
    switch self {
    case .query, .queryBias, .key, .keyBias: true
    default: false
    }
  }

  /// The tensor's shape.
  func shape(in configuration: LlamaConfiguration) -> [Int] {
    let hidden = configuration.hiddenSize
    let intermediate = configuration.intermediateSize
    let q = configuration.attentionHeads * configuration.headDim
    let kv = configuration.kvHeads * configuration.headDim
    return switch self {
    case .attentionNorm, .feedForwardNorm, .attentionOutputBias, .downBias: [hidden]
    case .query: [q, hidden]
    case .queryBias: [q]
    case .key, .value: [kv, hidden]
    case .keyBias, .valueBias: [kv]
    case .attentionOutput: [hidden, q]
    case .gate, .up: [intermediate, hidden]
    case .gateBias, .upBias: [intermediate]
    case .down: [hidden, intermediate]
    }
  }
}
