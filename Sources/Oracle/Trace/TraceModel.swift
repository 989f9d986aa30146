import Llama

/// The model of a trace, without its path, which would differ from machine to machine.
public struct TraceModel: Codable, Equatable, Sendable {
  public var name: String
  /// Of a GGUF file; or of a folder's `config.json` and safetensors, one after the other.
  public var sha256: String
  /// The file format and the element formats in it.
  public var format: String
  public var parameters: Int
  public var configuration: TraceConfiguration

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
  public var vocabularySize: Int
  public var hiddenSize: Int
  public var intermediateSize: Int
  public var layerCount: Int
  public var attentionHeads: Int
  public var kvHeads: Int
  public var headDim: Int
  public var rmsNormEpsilon: Float
  public var ropeBase: Double
  public var ropeScaling: TraceRopeScaling
  public var contextLength: Int
  public var tiesEmbeddings: Bool
  public var hasAttentionBias: Bool
  public var hasFeedForwardBias: Bool
  public var bosTokenID: TokenID?
  public var eosTokenIDs: [TokenID]

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
    case unscaled
    /// Positions divided by `factor`.
    case linear
    /// Llama 3.1's rule.
    case llama3
    /// Frequency i divided by `divisors[i]`.
    case divided
  }

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
