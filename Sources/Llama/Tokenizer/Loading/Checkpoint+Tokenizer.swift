extension Checkpoint {
  /// The tokenizer that the checkpoint describes; none where it describes none, so that it can be
  /// run on token ids only.
  /// - Throws: `TokenizerError` if the description is not one that can be followed exactly.
  public func makeTokenizer() throws -> Tokenizer? {
    switch tokenizerSource {
    case .tokenizerJSON(let data, let configuration, let path):
      try Tokenizer(contentsOfTokenizerJSON: data, configuration: configuration, path: path)
    case .gguf(let metadata, let path):
      try Tokenizer(gguf: metadata, path: path)
    case .absent:
      nil
    }
  }
}
