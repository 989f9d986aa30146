import Files

/// A model file or folder, opened and checked: everything that a model and its tokenizer are made
/// from.
///
/// Only headers and small files have been read; the tensors are decoded from the files when they are
/// asked for.
public struct Checkpoint: Sendable {
  public enum Format: Equatable, Sendable {
    /// One GGUF file, of this version of the format.
    case gguf(version: Int)
    /// A folder with `config.json` and safetensors.
    case huggingFace
  }

  /// The path it was opened by: a file's or a folder's.
  public let path: String
  public let format: Format
  /// The architecture, validated.
  public let configuration: LlamaConfiguration
  /// The tensors that the configuration needs, no more and no fewer, by their Hugging Face names,
  /// such as `model.embed_tokens.weight`; each has the shape it should. There is no
  /// `lm_head.weight` where the embedding is the output head.
  public let tensors: [String: StoredTensor]
  public let files: [InputFile]
  /// The names of tensors in the files that nothing reads, such as those of another output head.
  public let unreadTensors: [String]
  public private(set) var tokenizerSource: TokenizerSource
  /// The chat template's Jinja source, if the checkpoint has one.
  public let chatTemplateSource: String?

  /// Opens a GGUF file, or the first of its parts; a Hugging Face folder with `config.json` and one or
  /// more safetensors; or a folder with one GGUF file in it.
  ///
  /// - Throws: `InputFileError` if a file cannot be read; `FileError` if one is not well-formed or
  ///   describes something impossible or unsupported, or if the parts do not make a model.
  public static func open(_ path: String) throws -> Checkpoint {
    let file: InputFile
    switch try ModelPlace(path) {
    case .folder(let folder):
      let checkpoint = try folder.checkpoint()
      try checkpoint.checkUnchanged()
      return checkpoint
    case .gguf(let gguf): file = gguf
    }
    let checkpoint: Checkpoint
    do {
      checkpoint = try GGUFFile.openAll(file).checkpoint()
    } catch {
      // What is wrong may be that the file changed.
      try file.checkUnchanged()
      throw error
    }
    try checkpoint.checkUnchanged()
    return checkpoint
  }

  /// Whether the matrices of its blocks are quantised.
  public var isQuantised: Bool {
    tensors.values.contains { $0.shape.count > 1 && $0.format.isQuantised }
  }

  /// - Throws: `FileError` if the checkpoint does not have the tensor.
  func tensor(_ name: WeightName) throws(FileError) -> StoredTensor {
    let name = name.huggingFace(in: configuration)
    guard let tensor = tensors[name] else {
      throw FileError(path, "the tensor \(name)", .missing)
    }
    return tensor
  }

  /// The elements of a vector as the model uses them: Gemma's norms scale by 1 + w, and a Hugging Face
  /// folder has w where a GGUF file has the sum.
  func vector(_ name: WeightName) throws(FileError) -> [Float] {
    let values = try tensor(name).decodeAll()
    let addsOne = configuration.variant.family.isGemma && name.isNorm && format == .huggingFace
    return addsOne ? values.map { 1 + $0 } : values
  }

  /// Checks that the files are as they were when they were opened: call it when what was decoded of
  /// the tensors is to be relied upon.
  /// - Throws: `InputFileError`.
  public func checkUnchanged() throws(InputFileError) {
    for file in files { try file.checkUnchanged() }
  }

  /// Gives up what the tokenizer is made from, megabytes of text, once it is made. A tokenizer cannot
  /// be made again.
  public mutating func releaseTokenizerSource() {
    tokenizerSource = .absent(path: path, expected: "the description, which was released")
  }

  /// Weights and biases; a tied output head is counted once.
  public var parameterCount: Int { tensors.values.reduce(0) { $0 + $1.count } }

  /// The format and the element formats in it, most bytes first: "GGUF v3, Q4_1 + Q8_0 + F32".
  public var formatDescription: String {
    var bytes: [String: Int] = [:]
    for tensor in tensors.values { bytes[tensor.format.name, default: 0] += tensor.byteRange.count }
    let formats = bytes.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map(\.key)
    return "\(format), \(formats.joined(separator: " + "))"
  }
}

extension Checkpoint.Format: CustomStringConvertible {
  /// "GGUF v3" or "Hugging Face folder".
  public var description: String {
    switch self {
    case .gguf(let version): "GGUF v\(version)"
    case .huggingFace: "Hugging Face folder"
    }
  }
}
