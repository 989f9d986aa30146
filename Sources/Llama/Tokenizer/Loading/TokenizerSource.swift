import Files
import Foundation

/// Where a checkpoint's tokenizer is described.
public enum TokenizerSource: Sendable {
  /// A Hugging Face folder's `tokenizer.json`, with its path for messages, and the contents of
  /// `tokenizer_config.json` and `added_tokens.json` if there are any.
  case tokenizerJSON(Data, configuration: Data?, addedTokens: Data?, path: String)
  case gguf(GGUFTokenizerMetadata)
  /// The checkpoint at `path` lacks `expected`; it can be run on token ids only.
  case absent(path: String, expected: String)
}

extension TokenizerSource {
  /// The tokenizer; nil where none is described.
  /// - Throws: `FileError` if the description cannot be followed exactly.
  public func makeTokenizer() throws(FileError) -> Tokenizer? {
    switch self {
    case .tokenizerJSON(let data, let configuration, let addedTokens, let path):
      try Tokenizer(
        contentsOfTokenizerJSON: data, configuration: configuration, addedTokens: addedTokens,
        path: path)
    case .gguf(let metadata):
      try Tokenizer(gguf: metadata)
    case .absent:
      nil
    }
  }
}

/// What text needs of a model's files: the descriptions of its tokenizer and its chat template.
public struct TextFiles: Sendable {
  /// The path it was opened by.
  public let path: String
  public let tokenizerSource: TokenizerSource
  /// The chat template's Jinja source, if there is one.
  public let chatTemplateSource: String?

  /// Opens them alone: of a GGUF file that may have a vocabulary and no model, or of a folder that may
  /// lack config.json and weights.
  /// - Throws: `InputFileError` and `FileError`, as `Checkpoint.open`.
  public static func open(_ path: String) throws -> TextFiles {
    switch try ModelPlace(path) {
    case .folder(let folder): return try folder.textFiles()
    case .gguf(let file):
      let files = try GGUFFile(file).textFiles()
      try file.checkUnchanged()
      return files
    }
  }

  init(path: String, tokenizerSource: TokenizerSource, chatTemplateSource: String?) {
    self.path = path
    self.tokenizerSource = tokenizerSource
    self.chatTemplateSource = chatTemplateSource
  }
}

extension Checkpoint {
  public var textFiles: TextFiles {
    TextFiles(
      path: path, tokenizerSource: tokenizerSource, chatTemplateSource: chatTemplateSource)
  }

  /// The tokenizer that the checkpoint describes; nil where it describes none, so that it can be run
  /// on token ids only.
  /// - Throws: `FileError` if the description cannot be followed exactly.
  public func makeTokenizer() throws(FileError) -> Tokenizer? {
    try tokenizerSource.makeTokenizer()
  }
}
