import Files
import Llama
import Tensor

/// A model without its weights: the opened checkpoint, its tokenizer and its chat template.
public struct OpenedModel: Sendable {
  public let checkpoint: Checkpoint
  /// The tokenizer and the chat template, as far as they can be used.
  public let text: OpenedText
  /// Seconds that opening took.
  public let seconds: Double

  /// Opens a GGUF file or a Hugging Face folder. The weights are not read.
  ///
  /// A tokenizer that is not supported is no error until text is needed.
  public init(path: String) throws {
    let clock = ContinuousClock()
    let begin = clock.now
    var checkpoint = try Checkpoint.open(path)
    text = OpenedText(checkpoint.textFiles)
    if text.tokenizer != nil { checkpoint.releaseTokenizerSource() }
    self.checkpoint = checkpoint
    seconds = begin.duration(to: clock.now) / .seconds(1)
  }

  /// Nil where there is none to use: such a model runs on token ids only.
  public var tokenizer: Tokenizer? { text.tokenizer }

  /// The chat template, or why there is none to use; nil where there is no tokenizer.
  public var chatTemplate: Result<ChatTemplate, ChatTemplateError>? { text.chatTemplate }

  /// - Throws: `SessionError.noTokenizer`; `FileError` if the tokenizer is not supported.
  public func requiredTokenizer() throws -> Tokenizer { try text.requiredTokenizer() }

  public func requiredChatTemplate() throws -> ChatTemplate { try text.requiredChatTemplate() }

  /// Reads the weights.
  /// - Parameters:
  ///   - path: how matrix products are computed.
  ///   - storage: how the exact path keeps the weights.
  ///   - cacheFormat: the form of keys and values in the model's caches.
  ///   - use: the passes that will be run, for the memory check.
  ///   - onProgress: called with the share of the weights that was read, from 0 to 1; what it throws
  ///     ends the reading.
  /// - Throws: `MemoryError` before anything is read if there is too little memory; what `LlamaModel`
  ///   and `onProgress` throw.
  public func load(
    path: MatrixProductPath = .exact, storage: WeightStorage = .stored,
    cacheFormat: KeyValueFormat = .float32, on executor: Executor, use: ModelUse,
    onProgress: (Double) throws -> Void
  ) throws -> LlamaModel {
    try MemoryNeed(
      checkpoint, path: path, storage: storage, cacheFormat: cacheFormat, for: use, on: executor
    ).check(path: checkpoint.path, against: .now())
    return try LlamaModel(
      checkpoint, path: path, storage: storage, cacheFormat: cacheFormat, on: executor,
      onProgress: onProgress)
  }

  /// The SHA-256 that identifies the model: of a GGUF file that of the file; of a folder that of
  /// `config.json` and the files with the weights in the order of their names, concatenated, as in
  /// `cat config.json *.safetensors | sha256sum`.
  public func sha256() throws -> String {
    var files = checkpoint.files.sorted { $0.path < $1.path }
    if checkpoint.format == .huggingFace {
      let separator = checkpoint.path.hasSuffix("/") ? "" : "/"
      files.insert(try InputFile(path: checkpoint.path + separator + "config.json"), at: 0)
    }
    var hash = SHA256()
    for file in files {
      file.forEachPiece { hash.update($0) }
      try file.checkUnchanged()
    }
    return hash.hexDigest
  }
}
