import Files
import Llama
import Tensor

/// A model without its weights: the opened checkpoint, its tokenizer and its chat template.
public struct OpenedModel: Sendable {
  public let checkpoint: Checkpoint
  /// Nil where the checkpoint has none: such a model runs on token ids only.
  public let tokenizer: Tokenizer?
  /// The chat template, or why there is none to use; nil where there is no tokenizer.
  public let chatTemplate: Result<ChatTemplate, ChatTemplateError>?
  /// Seconds that opening took.
  public let seconds: Double

  /// Opens a GGUF file or a Hugging Face folder. The weights are not read.
  public init(path: String) throws {
    let clock = ContinuousClock()
    let begin = clock.now
    var checkpoint = try Checkpoint.open(path)
    tokenizer = try checkpoint.makeTokenizer()
    if tokenizer != nil { checkpoint.releaseTokenizerSource() }
    self.checkpoint = checkpoint
    chatTemplate = tokenizer.map { [checkpoint] tokenizer in
      Result { () throws(ChatTemplateError) in
        try tokenizer.chatTemplate(source: checkpoint.chatTemplateSource, path: checkpoint.path)
      }
    }
    seconds = begin.duration(to: clock.now) / .seconds(1)
  }

  /// - Throws: `SessionError.noTokenizer`.
  public func requiredTokenizer() throws -> Tokenizer {
    if let tokenizer { return tokenizer }
    var missing = "a tokenizer"
    if case .absent(_, let expected) = checkpoint.tokenizerSource { missing = expected }
    throw SessionError.noTokenizer(path: checkpoint.path, expected: missing)
  }

  public func requiredChatTemplate() throws -> ChatTemplate {
    _ = try requiredTokenizer()
    return try chatTemplate?.get() ?? { throw ChatTemplateError.absent(path: checkpoint.path) }()
  }

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
