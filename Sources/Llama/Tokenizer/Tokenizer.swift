/// Text to token ids and back: byte-pair encoding in its byte-level and SentencePiece forms.
///
/// Encoding takes these steps, the same as in Hugging Face tokenizers, whose ids it reproduces:
/// 1. added tokens (`<|im_end|>`) are found as a whole and taken out (`AddedTokenMatcher`);
/// 2. spaces are written as `▁`, where the model wants that (`SpaceMarking`);
/// 3. the text between is cut into pieces (`PreTokenizer`);
/// 4. in each piece, neighbours are merged (`BytePairModel`);
/// 5. tokens that begin or end every text are put around it.
///
/// Decoding joins what the tokens spell (`TokenSpelling`).
public struct Tokenizer: Sendable {
  /// The two families of byte-pair encoding.
  public enum Kind: String, Sendable {
    /// Symbols are bytes (GPT-2, Llama 3, SmolLM).
    case byteLevel = "byte-level BPE"
    /// Symbols are characters, spaces are `▁`, and unknown characters fall back to byte tokens
    /// (Llama 2, Mistral, TinyLlama).
    case sentencePiece = "SentencePiece BPE"
  }

  /// The token that begins a text, if the model has one.
  public let bosTokenID: TokenID?
  /// The tokens that end a text, as far as the tokenizer's files name them.
  public let eosTokenIDs: [TokenID]
  /// The text of the token that begins a text, for chat templates.
  public var bosToken: String? { bosTokenID.flatMap(spelling(of:)) }
  /// The text of the token that ends a text, for chat templates.
  public var eosToken: String? { eosTokenIDs.first.flatMap(spelling(of:)) }

  let model: BytePairModel
  let pipeline: TokenizerPipeline
  let frame: TextFrame
  /// Whether a `▁` after another character is always the beginning of a token, so that text may
  /// be cut there without changing the result.
  let marksBeginTokens: Bool
  let matcher: AddedTokenMatcher
  /// What added tokens look like that are found in marked text, such as `▁<s>`.
  private let markedSpellings: [TokenID: [UInt8]]
  /// Finds them; nil if there are none.
  let markedMatcher: AddedTokenMatcher?

  init(
    model: BytePairModel, pipeline: TokenizerPipeline, frame: TextFrame, bosTokenID: TokenID?,
    eosTokenIDs: [TokenID]
  ) {
    self.model = model
    self.pipeline = pipeline
    self.frame = frame
    self.bosTokenID = bosTokenID
    self.eosTokenIDs = eosTokenIDs
    marksBeginTokens =
      pipeline.marking != nil && !model.ignoresMerges && !model.dropsUnknown
      && model.vocabulary.marksBeginTokens

    let addedTokens = model.vocabulary.addedTokens
    var marked: [TokenID: [UInt8]] = [:]
    if let marking = pipeline.marking, marking.isNormalizer {
      for token in addedTokens where token.isNormalized {
        marked[token.id] = marking.apply(to: token.content[...], isFirst: true)
      }
    }
    markedSpellings = marked
    matcher = AddedTokenMatcher(addedTokens.filter { marked[$0.id] == nil }) { $0.content }
    markedMatcher =
      marked.isEmpty
      ? nil
      : AddedTokenMatcher(addedTokens.filter { marked[$0.id] != nil }) {
        marked[$0.id] ?? $0.content
      }
  }

  /// Which family this is.
  public var kind: Kind {
    model.unit == .byte ? .byteLevel : .sentencePiece
  }

  /// One more than the largest token id.
  public var vocabularySize: Int { model.vocabulary.count }

  /// Whether `encode` with special tokens puts the beginning-of-text token first.
  public var addsBos: Bool { bosTokenID != nil && frame.prefix.first == bosTokenID }

  /// The id of a token by its spelling in the vocabulary, such as `<|im_end|>`, `Ġthe` or
  /// `▁the`; nothing if there is no such token.
  public func id(of token: String) -> TokenID? {
    model.vocabulary.id(of: Array(token.utf8))
  }

  /// A token's spelling in the vocabulary; nothing if `id` has no token.
  public func spelling(of id: TokenID) -> String? {
    model.vocabulary.spelling(of: id).map(Vocabulary.text)
  }

  /// The bytes that a token stands for, which need not be whole characters; nothing if `id` has
  /// no token.
  public func bytes(of id: TokenID) -> [UInt8]? {
    decodedSpelling(of: id).map(pipeline.spelling.bytes(of:))
  }

  /// A token's spelling as decoding reads it: with the `▁` that an added token was found with.
  func decodedSpelling(of id: TokenID) -> [UInt8]? {
    markedSpellings[id] ?? model.vocabulary.spelling(of: id)
  }

  /// The text that a token stands for, with U+FFFD in the place of parts of characters; nothing
  /// if `id` has no token.
  public func text(of id: TokenID) -> String? {
    bytes(of: id).map { String(decoding: $0, as: UTF8.self) }
  }

  /// Whether `id` is a special token, one that steers the model rather than standing for text.
  public func isSpecial(_ id: TokenID) -> Bool {
    model.vocabulary.isSpecial(id)
  }
}

extension Tokenizer: CustomStringConvertible {
  /// For example "byte-level BPE, 49152 tokens, 48900 merges, 17 special tokens".
  public var description: String {
    let merges =
      switch model.merges {
      case .ranked(let merges): "\(merges.count) merges"
      case .scored: "merges by score"
      }
    return "\(kind.rawValue), \(vocabularySize) tokens, \(merges), "
      + "\(model.vocabulary.specialCount) special tokens"
  }
}
