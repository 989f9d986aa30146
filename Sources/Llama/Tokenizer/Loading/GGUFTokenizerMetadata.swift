import Files

/// The tokenizer's keys in a GGUF file's metadata; nil where a key is absent.
///
/// Source: the GGUF specification, section "Tokenizer".
public struct GGUFTokenizerMetadata: Sendable {
  var path: String
  /// "gpt2" for byte-level BPE, "llama" for SentencePiece.
  var model: String
  var pre: String?
  /// The tokens' spellings; index = id.
  var tokens: [String]
  /// The tokens' scores, for "llama"; index = id.
  var scores: [Float]?
  /// The tokens' kinds, numbered as in `TokenType`; index = id.
  var tokenTypes: [Int]?
  /// The merges, for "gpt2": two tokens with a space between.
  var merges: [String]?
  var bosTokenID: Int?
  var eosTokenID: Int?
  var endOfTurnTokenID: Int?
  var endOfMessageTokenID: Int?
  var unknownTokenID: Int?
  var paddingTokenID: Int?
  var addBos: Bool?
  var addEos: Bool?
  /// Whether "llama" puts a space before a text.
  var addSpacePrefix: Bool?

  enum TokenType: Int {
    case normal = 1
    case unknown, control
    /// Text that is found whole.
    case userDefined
    case unused
    /// A byte of a character that is not in the vocabulary.
    case byte
  }

  /// - Throws: `FileError` unless the lists have one element for each token.
  func checkCounts() throws(FileError) {
    for (count, key) in [(scores?.count, "scores"), (tokenTypes?.count, "token_type")] {
      guard let count, count != tokens.count else { continue }
      throw FileError(
        path, "the length of tokenizer.ggml.\(key)",
        .invalid(expected: "the number of tokens, \(tokens.count)", found: "\(count)"))
    }
  }
}

extension TokenizerSource {
  /// The tokenizer that a GGUF file's metadata describe. Only types and counts are checked here.
  init(_ metadata: GGUFMetadata) throws {
    guard let tokens = try metadata.texts("tokenizer.ggml.tokens") else {
      self = .absent(path: metadata.path, expected: "a tokenizer (the key tokenizer.ggml.tokens)")
      return
    }
    let model = try metadata.text("tokenizer.ggml.model")
    let fields = GGUFTokenizerMetadata(
      path: metadata.path, model: try metadata.required("tokenizer.ggml.model", model),
      pre: try metadata.text("tokenizer.ggml.pre"),
      tokens: tokens,
      scores: try metadata.numbers("tokenizer.ggml.scores")?.map { Float($0) },
      tokenTypes: try metadata.integers("tokenizer.ggml.token_type"),
      merges: try metadata.texts("tokenizer.ggml.merges"),
      bosTokenID: try metadata.integer("tokenizer.ggml.bos_token_id"),
      eosTokenID: try metadata.integer("tokenizer.ggml.eos_token_id"),
      endOfTurnTokenID: try metadata.integer("tokenizer.ggml.eot_token_id"),
      endOfMessageTokenID: try metadata.integer("tokenizer.ggml.eom_token_id"),
      unknownTokenID: try metadata.integer("tokenizer.ggml.unknown_token_id"),
      paddingTokenID: try metadata.integer("tokenizer.ggml.padding_token_id"),
      addBos: try metadata.bool("tokenizer.ggml.add_bos_token"),
      addEos: try metadata.bool("tokenizer.ggml.add_eos_token"),
      addSpacePrefix: try metadata.bool("tokenizer.ggml.add_space_prefix"))
    try fields.checkCounts()
    self = .gguf(fields)
  }
}
