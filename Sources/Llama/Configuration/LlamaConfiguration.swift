/// A token's number in the vocabulary, `0 ..< vocabularySize`.
public typealias TokenID = Int

/// How rotary embedding frequencies are changed to reach beyond the trained context.
public enum RotaryScaling: Equatable, Sendable {
  /// `θ_i = base^(-2i / headDim)`, unchanged.
  case unscaled
  /// Positions are divided by `factor` ("linear" in Hugging Face's `rope_scaling`).
  case linear(factor: Double)
  /// Llama 3.1's rule: long wavelengths are stretched by `factor`, short ones kept, those between
  /// blended ("llama3" in Hugging Face's `rope_scaling`).
  case llama3(
    factor: Double, lowFrequencyFactor: Double, highFrequencyFactor: Double,
    originalContextLength: Int)
  /// Blends stretched and unchanged frequencies by how often they turn within the original context
  /// ("yarn" in Hugging Face's `rope_scaling`).
  case yarn(YarnScaling)
  /// Every frequency `θ_i` is divided by `divisors[i]`, `[rotaryDim / 2]`, and cosines and sines are
  /// multiplied by the factor: how a GGUF file states the Llama 3.1 rule (tensor `rope_freqs.weight`),
  /// and LongRoPE within the original context (arXiv:2402.13753).
  case divided(by: [Double], attentionFactor: Double = 1)
}

/// The numbers of the rule "yarn" (arXiv:2309.00071).
public struct YarnScaling: Codable, Equatable, Sendable {
  /// By how much slow frequencies are divided.
  public var factor: Double
  /// Cosines and sines are multiplied by this.
  public var attentionFactor: Double
  /// Turns within the original context from which on a frequency is kept.
  public var betaFast: Double
  /// Turns up to which it is divided.
  public var betaSlow: Double
  public var originalContextLength: Int
  /// Whether the bounds of the blend are rounded outwards to whole pairs.
  public var roundsBounds: Bool

  public init(
    factor: Double, attentionFactor: Double, betaFast: Double = 32, betaSlow: Double = 1,
    originalContextLength: Int, roundsBounds: Bool = true
  ) {
    self.factor = factor
    self.attentionFactor = attentionFactor
    self.betaFast = betaFast
    self.betaSlow = betaSlow
    self.originalContextLength = originalContextLength
    self.roundsBounds = roundsBounds
  }
}

/// The numbers that fix a LLaMA's architecture, under the names of this project; the Hugging Face
/// name stands beside each.
public struct LlamaConfiguration: Codable, Equatable, Sendable {
  /// Tokens in the vocabulary, and rows of the embedding and of the output head (`vocab_size`).
  public var vocabularySize: Int
  /// Features of the residual stream (`hidden_size`).
  public var hiddenSize: Int
  /// Features inside the feed-forward network (`intermediate_size`).
  public var intermediateSize: Int
  /// Transformer blocks (`num_hidden_layers`).
  public var layerCount: Int
  /// Query heads (`num_attention_heads`).
  public var attentionHeads: Int
  /// Key and value heads; each serves `attentionHeads / kvHeads` query heads (`num_key_value_heads`).
  public var kvHeads: Int
  /// Features of one head, even (`head_dim`, else `hidden_size / num_attention_heads`).
  public var headDim: Int
  /// Added under the root of RMSNorm (`rms_norm_eps`).
  public var rmsNormEpsilon: Float
  /// Base of the rotary frequencies (`rope_theta`).
  public var ropeBase: Double
  /// How those frequencies are scaled (`rope_scaling`).
  public var ropeScaling: RotaryScaling
  /// Positions the model was made for (`max_position_embeddings`).
  public var contextLength: Int
  /// Whether the output head is the embedding itself (`tie_word_embeddings`).
  public var tiesEmbeddings: Bool
  /// Whether the attention projections have biases (`attention_bias`): q, k, v and, unless the variant
  /// omits it, o.
  public var hasAttentionBias: Bool
  /// Whether the feed-forward projections have biases (`mlp_bias`).
  public var hasFeedForwardBias: Bool
  /// The token put before a text, if the model has one (`bos_token_id`).
  public var bosTokenID: TokenID?
  /// The tokens that end a text; there may be several (`eos_token_id`, a number or a list).
  public var eosTokenIDs: [TokenID]
  /// What a model of another family computes beyond a LLaMA; nil for none of it.
  private var beyondLlama: ModelVariant?

  /// What the model computes beyond a LLaMA, or otherwise.
  public var variant: ModelVariant {
    get { beyondLlama ?? .llama }
    set { beyondLlama = newValue == .llama ? nil : newValue }
  }

  private enum CodingKeys: String, CodingKey {
    case vocabularySize, hiddenSize, intermediateSize, layerCount, attentionHeads, kvHeads, headDim
    case rmsNormEpsilon, ropeBase, ropeScaling, contextLength, tiesEmbeddings, hasAttentionBias
    case hasFeedForwardBias, bosTokenID, eosTokenIDs
    case beyondLlama = "variant"
  }

  /// A configuration from its numbers; `LlamaConfiguration.validated()` checks that they fit together.
  public init(
    vocabularySize: Int, hiddenSize: Int, intermediateSize: Int, layerCount: Int,
    attentionHeads: Int, kvHeads: Int, headDim: Int, rmsNormEpsilon: Float, ropeBase: Double,
    ropeScaling: RotaryScaling, contextLength: Int, tiesEmbeddings: Bool,
    hasAttentionBias: Bool, hasFeedForwardBias: Bool, bosTokenID: TokenID?,
    eosTokenIDs: [TokenID], variant: ModelVariant = .llama
  ) {
    self.vocabularySize = vocabularySize
    self.hiddenSize = hiddenSize
    self.intermediateSize = intermediateSize
    self.layerCount = layerCount
    self.attentionHeads = attentionHeads
    self.kvHeads = kvHeads
    self.headDim = headDim
    self.rmsNormEpsilon = rmsNormEpsilon
    self.ropeBase = ropeBase
    self.ropeScaling = ropeScaling
    self.contextLength = contextLength
    self.tiesEmbeddings = tiesEmbeddings
    self.hasAttentionBias = hasAttentionBias
    self.hasFeedForwardBias = hasFeedForwardBias
    self.bosTokenID = bosTokenID
    self.eosTokenIDs = eosTokenIDs
    self.variant = variant
  }
}
