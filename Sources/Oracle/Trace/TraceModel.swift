import Llama

/// The model of a trace, without its path, which would differ from machine to machine.
public struct TraceModel: Codable, Equatable, Sendable {
  /// The file's or folder's name.
  public var name: String
  /// Of a GGUF file; or of a folder's `config.json` and safetensors, one after the other.
  public var sha256: String
  /// The file format and the element formats in it.
  public var format: String
  /// Weights and biases.
  public var parameters: Int
  /// The numbers that fix the architecture.
  public var configuration: TraceConfiguration

  /// A model.
  public init(
    name: String, sha256: String, format: String, parameters: Int,
    configuration: TraceConfiguration
  ) {
    self.name = name
    self.sha256 = sha256
    self.format = format
    self.parameters = parameters
    self.configuration = configuration
  }
}

/// `LlamaConfiguration`, field by field.
public struct TraceConfiguration: Codable, Equatable, Sendable {
  /// Tokens in the vocabulary.
  public var vocabularySize: Int
  /// Features of the residual stream.
  public var hiddenSize: Int
  /// Features inside the feed-forward network.
  public var intermediateSize: Int
  /// Transformer blocks.
  public var layerCount: Int
  /// Query heads.
  public var attentionHeads: Int
  /// Key and value heads.
  public var kvHeads: Int
  /// Features of one head.
  public var headDim: Int
  /// Added under the root of RMSNorm.
  public var rmsNormEpsilon: Float
  /// Base of the rotary frequencies.
  public var ropeBase: Double
  /// How they are scaled.
  public var ropeScaling: TraceRopeScaling
  /// Positions the model was made for.
  public var contextLength: Int
  /// Whether the output head is the embedding.
  public var tiesEmbeddings: Bool
  /// Whether the attention projections have biases.
  public var hasAttentionBias: Bool
  /// Whether the feed-forward projections have biases.
  public var hasFeedForwardBias: Bool
  /// The token put before a text, if there is one.
  public var bosTokenID: TokenID?
  /// The tokens that end a text.
  public var eosTokenIDs: [TokenID]

  /// The same numbers in the words of a trace.
  public init(_ configuration: LlamaConfiguration) {
    vocabularySize = configuration.vocabularySize
    hiddenSize = configuration.hiddenSize
    intermediateSize = configuration.intermediateSize
    layerCount = configuration.layerCount
    attentionHeads = configuration.attentionHeads
    kvHeads = configuration.kvHeads
    headDim = configuration.headDim
    rmsNormEpsilon = configuration.rmsNormEpsilon
    ropeBase = configuration.ropeBase
    ropeScaling = TraceRopeScaling(configuration.ropeScaling)
    contextLength = configuration.contextLength
    tiesEmbeddings = configuration.tiesEmbeddings
    hasAttentionBias = configuration.hasAttentionBias
    hasFeedForwardBias = configuration.hasFeedForwardBias
    bosTokenID = configuration.bosTokenID
    eosTokenIDs = configuration.eosTokenIDs
  }
}

/// `RotaryScaling`, its kind by name; the numbers that the kind does not have are left out.
public struct TraceRopeScaling: Codable, Equatable, Sendable {
  /// The kinds of `RotaryScaling`.
  public enum Kind: String, Codable, Sendable {
    /// Frequencies as they are.
    case unscaled
    /// Positions divided by `factor`.
    case linear
    /// Llama 3.1's rule.
    case llama3
    /// Frequency i divided by `divisors[i]`.
    case divided
  }

  /// Which kind it is.
  public var kind: Kind
  /// Of `linear` and `llama3`.
  public var factor: Double?
  /// Of `llama3`.
  public var lowFrequencyFactor: Double?
  /// Of `llama3`.
  public var highFrequencyFactor: Double?
  /// Of `llama3`.
  public var originalContextLength: Int?
  /// Of `divided`, `[headDim / 2]`.
  public var divisors: [Double]?

  /// The same scaling in the words of a trace.
  public init(_ scaling: RotaryScaling) {
    switch scaling {
    case .unscaled:
      kind = .unscaled
    case .linear(let factor):
      kind = .linear
      self.factor = factor
    case .llama3(let factor, let low, let high, let original):
      kind = .llama3
      self.factor = factor
      lowFrequencyFactor = low
      highFrequencyFactor = high
      originalContextLength = original
    case .divided(let divisors):
      kind = .divided
      self.divisors = divisors
    }
  }
}
