import Llama
import Tensor

/// What a trace was made with: all of `trace.json` that is known before the first pass.
///
/// docs/trace-format.md explains every field; the JSON keys are the names here. What does not apply
/// is left out.
public struct TraceHeader: Codable, Equatable, Sendable {
  public static let formatName = "lookahead-trace"
  public static let schemaVersion = 1

  public struct Producer: Codable, Equatable, Sendable {
    public let name: String
    public let version: String

    public init(name: String = "lookahead", version: String) {
      self.name = name
      self.version = version
    }
  }

  /// What computed the numbers.
  public enum Arithmetic: String, Codable, Sendable {
    case exact
    case int16
    case int8
    case blas
    case reference

    /// That of a model whose matrix products are computed in this way.
    public init(_ path: MatrixProductPath) {
      switch path {
      case .exact: self = .exact
      case .int16: self = .int16
      case .int8: self = .int8
      case .blas: self = .blas
      }
    }
  }

  /// What laid out the passes.
  public enum Decoder: String, Codable, Sendable {
    case plain
    case lookahead
    case forward
  }

  public var format = TraceHeader.formatName
  public var schema = TraceHeader.schemaVersion
  public var producer: Producer
  public var model: TraceModel
  public var arithmetic: Arithmetic
  /// The form of cached keys and values; left out for float32, and for `reference`, whose cache is in
  /// Double.
  public var kvCache: KeyValueFormat?
  public var decoder: Decoder
  public var lookahead: TraceLookahead?
  public var sampling: TraceSampling?
  public var prompt: [TokenID]

  public init(
    producer: Producer, model: TraceModel, arithmetic: Arithmetic,
    kvCache: KeyValueFormat = .float32, decoder: Decoder, lookahead: TraceLookahead? = nil,
    sampling: TraceSampling? = nil, prompt: [TokenID]
  ) {
    self.producer = producer
    self.model = model
    self.arithmetic = arithmetic
    self.kvCache = kvCache == .float32 ? nil : kvCache
    self.decoder = decoder
    self.lookahead = lookahead
    self.sampling = sampling
    self.prompt = prompt
  }
}

/// The model of a trace, without its path, which would differ from machine to machine.
public struct TraceModel: Codable, Equatable, Sendable {
  public var name: String
  /// Of a GGUF file; or of a folder's `config.json` and safetensors, one after the other.
  public var sha256: String
  public var format: String
  public var parameters: Int
  public var configuration: LlamaConfiguration

  public init(
    name: String, sha256: String, format: String, parameters: Int,
    configuration: LlamaConfiguration
  ) {
    self.name = name
    self.sha256 = sha256
    self.format = format
    self.parameters = parameters
    self.configuration = configuration
  }
}
