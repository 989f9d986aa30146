import Tensor

/// What a model computes beyond a LLaMA, or otherwise: one specification, which the fast forward pass
/// and the one in Double read both. The defaults are LLaMA's.
public struct ModelVariant: Codable, Equatable, Sendable {
  public var family: ModelFamily
  /// Where the RMSNorms of a block stand.
  public var normPlacement = NormPlacement.before
  /// What of queries and keys is normalised before they are rotated.
  public var queryKeyNorm = QueryKeyNorm.none
  /// The nonlinear function of the feed-forward network.
  public var activation = Activation.silu
  /// Whether only q, k and v have biases, where the attention has some.
  public var omitsOutputBias = false
  /// The embedding is multiplied by this.
  public var embeddingMultiplier = 1.0
  /// The outputs of attention and feed-forward network are multiplied by this before they are added
  /// to the residual stream.
  public var residualMultiplier = 1.0
  /// The logits are divided by this.
  public var logitDivisor = 1.0
  /// By what scores of attention are multiplied; nil for `1 / √headDim`.
  public var attentionScale: Double?
  /// Bounds scores of attention, `cap · tanh(score / cap)`, after they are scaled.
  public var attentionCap: Double?
  /// Bounds logits in the same way, after they are divided.
  public var logitCap: Double?
  /// The first features of each head that are rotated, an even number; nil for all.
  public var rotaryDim: Int?
  /// Base of the rotary frequencies, unscaled, of layers whose rotation is `local`.
  public var localRopeBase: Double?
  /// What is particular of each layer, `[layerCount]`; empty where no layer is.
  public var layers: [LayerVariant] = []

  public init(_ family: ModelFamily) { self.family = family }

  /// A LLaMA, which is no variant.
  public static let llama = ModelVariant(.llama)
}

/// Where the RMSNorms of attention and of the feed-forward network stand.
public enum NormPlacement: String, Codable, Sendable {
  /// On their inputs.
  case before
  /// On their outputs, before these are added to the residual stream.
  case after
  case both

  var isBefore: Bool { self != .after }
  var isAfter: Bool { self != .before }
}

/// What of queries and keys is scaled to unit root-mean-square before rotation.
public enum QueryKeyNorm: String, Codable, Sendable {
  case none
  /// Each head by itself, with weights `[headDim]` that all heads share.
  case heads
  /// All heads of a row together, with weights `[heads * headDim]`.
  case projection
}

/// What is particular of one layer.
public struct LayerVariant: Codable, Hashable, Sendable {
  /// The most positions that a row sees, its own and those before it: of the keys that its mask
  /// shows, those whose position is above `position - window`. Nil for all.
  public var window: Int?
  public var rotation: LayerRotation

  public init(window: Int? = nil, rotation: LayerRotation = .global) {
    self.window = window
    self.rotation = rotation
  }

  static let standard = LayerVariant()
}

/// Which rotary frequencies turn the queries and keys of a layer.
public enum LayerRotation: String, Codable, CaseIterable, Sendable {
  /// Those of `ropeBase` and `ropeScaling`.
  case global
  /// Those of `ModelVariant.localRopeBase`.
  case local
  /// They are not rotated.
  case none
}

extension LlamaConfiguration {
  /// What is particular of a layer, counted from 0.
  public func layer(_ layer: Int) -> LayerVariant {
    variant.layers.isEmpty ? .standard : variant.layers[layer]
  }

  /// Features of each head that are rotated.
  public var rotaryDim: Int { variant.rotaryDim ?? headDim }

  /// The windows that layers have, each once.
  public var windows: Set<Int> { Set(variant.layers.compactMap(\.window)) }

  /// How scores of attention enter the softmax.
  var scoreRule: ScoreRule {
    let standard = ScoreRule.standard(headDim: headDim)
    return ScoreRule(
      scale: variant.attentionScale.map { Float($0) } ?? standard.scale,
      cap: variant.attentionCap.map { Float($0) })
  }
}
