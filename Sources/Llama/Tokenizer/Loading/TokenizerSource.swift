import Foundation

/// Where a checkpoint's tokenizer is described.
public enum TokenizerSource: Sendable {
  /// A Hugging Face folder's `tokenizer.json`, with its path for messages, and the contents of
  /// `tokenizer_config.json` if there is one.
  case tokenizerJSON(Data, configuration: Data?, path: String)
  case gguf(GGUFTokenizerMetadata)
  /// The checkpoint at `path` lacks `expected`; it can be run on token ids only.
  case absent(path: String, expected: String)
}

extension Checkpoint {
  /// The tokenizer that the checkpoint describes; nil where it describes none, so that it can be run
  /// on token ids only.
  /// - Throws: `FileError` if the description cannot be followed exactly.
  public func makeTokenizer() throws -> Tokenizer? {
    switch tokenizerSource {
    case .tokenizerJSON(let data, let configuration, let path):
      try Tokenizer(contentsOfTokenizerJSON: data, configuration: configuration, path: path)
    case .gguf(let metadata):
      try Tokenizer(gguf: metadata)
    case .absent:
      nil
    }
  }
}
