import Foundation

/// Where a checkpoint's tokenizer is described. The description is not read here.
public enum TokenizerSource: Sendable {
  /// A Hugging Face folder's `tokenizer.json`, with its path for messages, and the contents of
  /// `tokenizer_config.json` if there is one.
  case tokenizerJSON(Data, configuration: Data?, path: String)
  /// A GGUF file's metadata, with the file's path for messages.
  case gguf(GGUFTokenizerMetadata, path: String)
  /// The checkpoint at `path` lacks `expected`; it can be run on token ids only.
  case absent(path: String, expected: String)
}
