import Files

/// Text to token ids and back: byte-pair encoding in its byte-level and SentencePiece forms.
///
/// Encoding takes these steps and yields the ids of Hugging Face tokenizers:
/// 1. added tokens (`<|im_end|>`) are found as a whole and taken out (`AddedTokenMatcher`);
/// 2. text is normalised: composed (NFC) where the tokenizer says so, and with SentencePiece spaces
///    are written as `▁` (`SpaceMarking`);
/// 3. the text between added tokens is split into pieces (`PreTokenizer`);
/// 4. in each piece, neighbours are merged (`BytePairModel`);
/// 5. tokens that begin or end every text are put around it (`TextFrame`).
///
/// Decoding joins the texts of the tokens (`TokenSpelling`).
public struct Tokenizer: Sendable, CustomStringConvertible {
  public enum Kind: String, Sendable {
    /// Symbols are bytes, spelled in `ByteAlphabet` (GPT-2, Llama 3, SmolLM).
    case byteLevel = "byte-level BPE"
    /// Symbols are characters, spaces are `▁`, and unknown characters fall back to byte tokens
    /// (Llama 2, Mistral, TinyLlama).
    case sentencePiece = "SentencePiece BPE"
  }

  /// The token that begins a text, if the model has one.
  public let bosTokenID: TokenID?
  /// The tokens that end a text, if the tokenizer's files name them.
  public let eosTokenIDs: [TokenID]

  /// The texts of special tokens by the names that templates have for them, such as `pad_token`.
  public let namedTokens: [String: String]

  let model: BytePairModel
  let pipeline: TokenizerPipeline
  let frame: TextFrame
  /// Whether a `▁` after another character is always the beginning of a token, so that text may
  /// be cut there without changing the result.
  let marksBeginTokens: Bool
  let matcher: AddedTokenMatcher
  /// The spellings, such as `▁<s>`, of added tokens that are searched for in normalized text.
  private let markedSpellings: [TokenID: [UInt8]]
  /// Finds those; nil if there are none.
  let markedMatcher: AddedTokenMatcher?

  init(
    model: BytePairModel, pipeline: TokenizerPipeline, frame: TextFrame, bosTokenID: TokenID?,
    eosTokenIDs: [TokenID], namedTokens: [String: String] = [:]
  ) {
    (self.model, self.pipeline, self.frame) = (model, pipeline, frame)
    (self.bosTokenID, self.eosTokenIDs) = (bosTokenID, eosTokenIDs)
    var named = namedTokens
    for (name, id) in [("bos_token", bosTokenID), ("eos_token", eosTokenIDs.first)] {
      named[name] =
        id.flatMap { model.vocabulary.spelling(of: $0) }.map(Vocabulary.text) ?? named[name]
    }
    self.namedTokens = named
    marksBeginTokens =
      pipeline.marking != nil && !model.ignoresMerges && !model.dropsUnknown
      && model.vocabulary.marksBeginTokens

    var plain: [AddedToken] = []
    var marked: [AddedToken] = []
    let marking = pipeline.marking.flatMap { $0.isNormalizer ? $0 : nil }
    for var token in model.vocabulary.addedTokens {
      guard token.isNormalized, pipeline.composes || marking != nil else {
        plain.append(token)
        continue
      }
      if pipeline.composes { token.content = TokenizerPipeline.composed(token.content[...]) }
      if let marking { token.content = marking.apply(to: token.content[...], isFirst: true) }
      marked.append(token)
    }
    matcher = AddedTokenMatcher(plain)
    markedMatcher = marked.isEmpty ? nil : AddedTokenMatcher(marked)
    markedSpellings = Dictionary(marked.map { ($0.id, $0.content) }) { first, _ in first }
  }

  public var kind: Kind { model.kind }

  /// One more than the largest token id.
  public var vocabularySize: Int { model.vocabulary.count }

  /// Whether `encode` with special tokens puts the beginning-of-text token first.
  public var addsBos: Bool { bosTokenID != nil && frame.prefix.first == bosTokenID }

  /// The id of a token by its spelling in the vocabulary, such as `<|im_end|>`, `Ġthe` or `▁the`.
  public func id(of token: String) -> TokenID? {
    model.vocabulary.id(of: Array(token.utf8))
  }

  /// A token's spelling in the vocabulary; nil if `id` has no token.
  public func spelling(of id: TokenID) -> String? {
    model.vocabulary.spelling(of: id).map(Vocabulary.text)
  }

  /// The bytes of a token, which need not be whole characters; nil if `id` has no token.
  public func bytes(of id: TokenID) -> [UInt8]? {
    decodedSpelling(of: id).map(pipeline.spelling.bytes(of:))
  }

  /// A token's spelling with the `▁` that an added token was found with, for decoding.
  func decodedSpelling(of id: TokenID) -> [UInt8]? {
    markedSpellings[id] ?? model.vocabulary.spelling(of: id)
  }

  /// The text of a token, with U+FFFD for incomplete characters; nil if `id` has no token.
  public func text(of id: TokenID) -> String? {
    bytes(of: id).map(Vocabulary.text)
  }

  /// Whether `id` is a special token, which controls the model rather than standing for text.
  public func isSpecial(_ id: TokenID) -> Bool {
    model.vocabulary.isSpecial(id)
  }

  /// Identifies the vocabulary: SHA-256 over all tokens in the order of their ids, each as the number of
  /// its UTF-8 bytes (4 bytes, little-endian) and these bytes.
  public var vocabularyDigest: [UInt8] {
    var hash = SHA256()
    for id in 0..<vocabularySize {
      let spelling = Array((spelling(of: id) ?? "").utf8)
      let count = UInt32(truncatingIfNeeded: spelling.count)
      hash.update([0, 8, 16, 24].map { UInt8(truncatingIfNeeded: count >> $0) } + spelling)
    }
    return hash.digest
  }

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
