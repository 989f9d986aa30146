import Files
import Foundation
import Llama
import Tensor

/// A checkpoint and its tokenizer: all of a model but its weights.
struct OpenedModel {
  /// The files.
  let checkpoint: Checkpoint
  /// None where the checkpoint has none.
  let tokenizer: Tokenizer?
  /// The chat template, or why there is none to use; none where there is no tokenizer.
  let chatTemplate: Result<ChatTemplate, ChatTemplateError>?
  /// Seconds that opening took.
  let seconds: Double

  /// Opens a model.
  /// - Throws: what `Checkpoint.open` and `Tokenizer` throw.
  init(_ location: ModelLocation) throws {
    let clock = ContinuousClock()
    let begin = clock.now
    var checkpoint = try Checkpoint.open(location.path)
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

  /// The tokenizer, where text cannot do without one.
  /// - Throws: `CommandError.noTokenizer`.
  func requiredTokenizer() throws -> Tokenizer {
    if let tokenizer { return tokenizer }
    throw missingTokenizer
  }

  /// What to say where there is no tokenizer.
  var missingTokenizer: CommandError {
    var missing = "a tokenizer"
    if case .absent(_, let expected) = checkpoint.tokenizerSource { missing = expected }
    return .noTokenizer(path: checkpoint.path, expected: missing)
  }

  /// Reads the weights. On a terminal, says on standard error that it is doing so.
  /// - Parameters:
  ///   - path: how matrix products are to be computed.
  ///   - storage: how the exact path is to keep the weights.
  ///   - executor: the threads and the kernels that the options ask for.
  ///   - use: what the model is for: it is refused before it is read if there is too little memory.
  /// - Throws: `MemoryError`, and what `LlamaModel` throws.
  /// - Returns: the model, and the seconds that all of the loading took.
  func load(
    path: MatrixProductPath, storage: WeightStorage, on executor: Executor, use: ModelUse
  ) throws -> (model: LlamaModel, seconds: Double) {
    try MemoryNeed(checkpoint, path: path, storage: storage, for: use, on: executor)
      .check(path: checkpoint.path, against: .now())
    let clock = ContinuousClock()
    let begin = clock.now
    let name = URL(fileURLWithPath: checkpoint.path).lastPathComponent
    if Console.errorIsTerminal { Console.ask("\r\u{1B}[KLoading \(name) …") }
    defer { if Console.errorIsTerminal { Console.ask("\r\u{1B}[K") } }
    let model = try LlamaModel(checkpoint, path: path, storage: storage, on: executor)
    return (model, seconds + begin.duration(to: clock.now) / .seconds(1))
  }

  /// The SHA-256 that names a model: of a GGUF file that of the file; of a folder that of
  /// `config.json` and the files with the weights in the order of their names, one after the other,
  /// as in `cat config.json *.safetensors | sha256sum`.
  func sha256() throws -> String {
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
