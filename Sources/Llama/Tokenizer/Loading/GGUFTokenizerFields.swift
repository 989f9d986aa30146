extension TokenizerSource {
  /// The tokenizer that a GGUF file's metadata describe.
  ///
  /// Types are checked here, and that the lists are as long as each other; what they mean is the
  /// tokenizer's to judge.
  init(_ metadata: GGUFMetadata) throws(ConfigurationError) {
    guard let tokens = try metadata.texts("tokenizer.ggml.tokens") else {
      self = .absent(path: metadata.path, expected: "a tokenizer (the key tokenizer.ggml.tokens)")
      return
    }
    func checkCount(_ count: Int?, _ key: String) throws(ConfigurationError) {
      guard let count, count != tokens.count else { return }
      throw .invalid(
        path: metadata.path, key: "the length of \(key)",
        expected: "the number of tokens, \(tokens.count),", found: "\(count)")
    }
    let scores = try metadata.numbers("tokenizer.ggml.scores")
    try checkCount(scores?.count, "tokenizer.ggml.scores")
    let types = try metadata.integers("tokenizer.ggml.token_type")
    try checkCount(types?.count, "tokenizer.ggml.token_type")
    let model = try metadata.text("tokenizer.ggml.model")
    let fields = GGUFTokenizerMetadata(
      model: try metadata.required("tokenizer.ggml.model", model),
      pre: try metadata.text("tokenizer.ggml.pre"),
      tokens: tokens,
      scores: scores?.map { Float($0) },
      tokenTypes: types,
      merges: try metadata.texts("tokenizer.ggml.merges"),
      bosTokenID: try metadata.integer("tokenizer.ggml.bos_token_id"),
      eosTokenID: try metadata.integer("tokenizer.ggml.eos_token_id"),
      endOfTurnTokenID: try metadata.integer("tokenizer.ggml.eot_token_id"),
      endOfMessageTokenID: try metadata.integer("tokenizer.ggml.eom_token_id"),
      unknownTokenID: try metadata.integer("tokenizer.ggml.unknown_token_id"),
      addBos: try metadata.bool("tokenizer.ggml.add_bos_token"),
      addEos: try metadata.bool("tokenizer.ggml.add_eos_token"),
      addSpacePrefix: try metadata.bool("tokenizer.ggml.add_space_prefix"),
      chatTemplate: try metadata.text("tokenizer.chat_template"))
    self = .gguf(fields, path: metadata.path)
  }
}
