import Llama

/// What a trace was made with: all of `trace.json` that is known before the first pass.
///
/// docs/trace-format.md explains every field; the JSON keys are the names here. What does not apply
/// is left out.
public struct TraceHeader: Codable, Equatable, Sendable {
  /// `lookahead-trace`.
  public static let formatName = "lookahead-trace"
  /// The version of the format that this program writes and reads.
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
    /// `LlamaModel` with the project's own matrix products; tensors are F32.
    case exact
    /// `LlamaModel` with OpenBLAS's; tensors are F32, their last bits the machine's.
    case blas
    /// `ReferenceModel`; tensors are F64.
    case reference
  }

  /// What laid out the passes.
  public enum Decoder: String, Codable, Sendable {
    /// One token a pass.
    case plain
    /// Several tokens a pass.
    case lookahead
    /// Nothing: a single pass over given rows.
    case forward
  }

  /// `formatName`, in a trace.
  public var format = TraceHeader.formatName
  /// `schemaVersion`, in a trace that this program can read.
  public var schema = TraceHeader.schemaVersion
  public var producer: Producer
  public var model: TraceModel
  public var arithmetic: Arithmetic
  public var decoder: Decoder
  /// The sizes of lookahead decoding; only with the decoder `lookahead`.
  public var lookahead: TraceLookahead?
  /// How tokens were chosen; not with the decoder `forward`, which chooses none.
  public var sampling: TraceSampling?
  /// The tokens that were there before the first chosen one.
  public var prompt: [TokenID]

  public init(
    producer: Producer, model: TraceModel, arithmetic: Arithmetic, decoder: Decoder,
    lookahead: TraceLookahead? = nil, sampling: TraceSampling? = nil, prompt: [TokenID]
  ) {
    self.producer = producer
    self.model = model
    self.arithmetic = arithmetic
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
  /// The file format and the element formats in it.
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
