/// What a GGUF file's metadata says about its tokenizer, key by key.
///
/// Source: the GGUF specification, section "Tokenizer".
public struct GGUFTokenizerMetadata: Sendable {
  /// The family: "gpt2" for byte-level BPE, "llama" for SentencePiece (`tokenizer.ggml.model`).
  public var model: String
  /// The pre-tokenizer by name (`tokenizer.ggml.pre`).
  public var pre: String?
  /// The tokens' spellings; index = id (`tokenizer.ggml.tokens`).
  public var tokens: [String]
  /// The tokens' scores, for "llama"; index = id (`tokenizer.ggml.scores`).
  public var scores: [Float]?
  /// The tokens' kinds, numbered as in `GGUFTokenType`; index = id (`tokenizer.ggml.token_type`).
  public var tokenTypes: [Int]?
  /// The merges, for "gpt2": two tokens with a space between (`tokenizer.ggml.merges`).
  public var merges: [String]?
  /// The token that begins a text (`tokenizer.ggml.bos_token_id`).
  public var bosTokenID: Int?
  /// The token that ends a text (`tokenizer.ggml.eos_token_id`).
  public var eosTokenID: Int?
  /// The token that ends a turn of a conversation (`tokenizer.ggml.eot_token_id`).
  public var endOfTurnTokenID: Int?
  /// The token that ends a message (`tokenizer.ggml.eom_token_id`).
  public var endOfMessageTokenID: Int?
  /// The token for what is not in the vocabulary (`tokenizer.ggml.unknown_token_id`).
  public var unknownTokenID: Int?
  /// Whether a text begins with `bosTokenID` (`tokenizer.ggml.add_bos_token`).
  public var addBos: Bool?
  /// Whether a text ends with `eosTokenID` (`tokenizer.ggml.add_eos_token`).
  public var addEos: Bool?
  /// Whether "llama" puts a space before a text (`tokenizer.ggml.add_space_prefix`).
  public var addSpacePrefix: Bool?
  /// The chat template (`tokenizer.chat_template`).
  public var chatTemplate: String?

  /// Metadata from its values; nothing stands for a key that the file does not have.
  public init(
    model: String, pre: String?, tokens: [String], scores: [Float]?, tokenTypes: [Int]?,
    merges: [String]?, bosTokenID: Int?, eosTokenID: Int?, endOfTurnTokenID: Int? = nil,
    endOfMessageTokenID: Int? = nil, unknownTokenID: Int?, addBos: Bool?, addEos: Bool? = nil,
    addSpacePrefix: Bool?, chatTemplate: String? = nil
  ) {
    self.model = model
    self.pre = pre
    self.tokens = tokens
    self.scores = scores
    self.tokenTypes = tokenTypes
    self.merges = merges
    self.bosTokenID = bosTokenID
    self.eosTokenID = eosTokenID
    self.endOfTurnTokenID = endOfTurnTokenID
    self.endOfMessageTokenID = endOfMessageTokenID
    self.unknownTokenID = unknownTokenID
    self.addBos = addBos
    self.addEos = addEos
    self.addSpacePrefix = addSpacePrefix
    self.chatTemplate = chatTemplate
  }
}

/// The kinds of tokens in a GGUF file, by number.
public enum GGUFTokenType: Int, Sendable {
  /// A token that merging can produce.
  case normal = 1
  /// The token for what is not in the vocabulary.
  case unknown = 2
  /// A token that steers the model.
  case control = 3
  /// A token for text that is found whole.
  case userDefined = 4
  /// A place in the vocabulary that nothing uses.
  case unused = 5
  /// A byte of a character that is not in the vocabulary.
  case byte = 6
}
