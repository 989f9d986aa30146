/// The tokens of a model: spelling to id and back.
///
/// A token is spelled as its file spells it: byte-level vocabularies in `ByteAlphabet`,
/// SentencePiece's with `▁` for a space and `<0x0A>` for a byte.
struct Vocabulary: Sendable {
  /// A bound for the ids of every vocabulary, which they stay below.
  static let idLimit = 1 << 22
  /// A bound for the ids of a small one: leaves room for gaps, but does not let a file of one token
  /// ask for tables of millions.
  private static let gapLimit = 1 << 18

  private struct Traits: OptionSet {
    let rawValue: UInt8

    static let mergeable = Traits(rawValue: 1)
    static let added = Traits(rawValue: 2)
    static let special = Traits(rawValue: 4)
  }

  private var spellings: SpellingTable
  /// By id; empty where an id has no token.
  private var traits: [Traits] = []
  private let idLimit: Int
  /// The tokens that are found in text as a whole.
  private(set) var addedTokens: [AddedToken] = []
  private var addedBytes = 0

  /// One more than the largest id.
  var count: Int { spellings.count }
  /// How many tokens are special.
  var specialCount: Int { addedTokens.count { $0.isSpecial } }
  /// Length of the longest token, in bytes.
  var longestSpelling: Int { (0..<count).map { spellings[$0]?.count ?? 0 }.max() ?? 0 }

  /// Whether in every mergeable token, `▁` stands at the beginning or after another `▁`.
  var marksBeginTokens: Bool {
    traits.indices.allSatisfy { id in
      guard traits[id].contains(.mergeable), let spelling = spellings[id] else { return true }
      var pieces = 0
      SpaceMarking.forEachPiece(of: spelling, everyMark: false) { _ in pieces += 1 }
      return pieces <= 1
    }
  }

  /// An empty vocabulary with room for `capacity` tokens.
  init(capacity: Int) {
    idLimit = min(Self.idLimit, Self.gapLimit + 4 * min(capacity, Self.idLimit))
    spellings = SpellingTable(capacity: min(capacity, Self.idLimit))
    traits.reserveCapacity(min(capacity, Self.idLimit))
  }

  /// Adds a token.
  ///
  /// - Parameters:
  ///   - spelling: as the file has it.
  ///   - id: its id.
  ///   - isMergeable: whether merging can produce it; if not, it is an added token, or a byte.
  ///   - path: the file, for error messages.
  /// - Throws: `TokenizerError` if the spelling or the id is taken, or the id out of range.
  mutating func insert(
    _ spelling: [UInt8], id: Int, isMergeable: Bool, path: String
  ) throws(TokenizerError) {
    guard id >= 0, id < idLimit else {
      throw .tokenIDOutOfRange(
        path: path, token: Self.text(spelling), id: id, limit: idLimit)
    }
    if let other = spellings[id] {
      throw .duplicateID(
        path: path, id: id, first: Self.text(Array(other)), second: Self.text(spelling))
    }
    guard spellings.hasRoom(for: spelling) else {
      throw .invalidValue(path: path, field: "vocab", found: "more than 2 GB of tokens")
    }
    guard spellings.insert(spelling, id: id) else {
      throw .duplicateToken(path: path, token: Self.text(spelling))
    }
    while traits.count <= id { traits.append([]) }
    traits[id] = isMergeable ? .mergeable : []
  }

  /// Adds a token that is found whole; it may have been inserted before, under the same id.
  ///
  /// - Throws: `TokenizerError` if it was added before, is empty or has another id.
  mutating func add(_ token: AddedToken, path: String) throws(TokenizerError) {
    let content = Self.text(token.content)
    if let id = spellings.id(of: token.content[...]) {
      guard id == token.id else {
        throw .conflictingID(path: path, token: content, vocabularyID: id, addedID: token.id)
      }
    } else {
      try insert(token.content, id: token.id, isMergeable: false, path: path)
    }
    guard token.content.count <= AddedToken.spellingLimit else {
      throw .invalidValue(path: path, field: "added_tokens", found: content)
    }
    addedBytes += token.content.count
    guard addedBytes <= AddedToken.totalLimit else {
      throw .invalidValue(
        path: path, field: "added_tokens",
        found: "more than \(AddedToken.totalLimit) bytes of tokens")
    }
    guard !token.content.isEmpty, !traits[token.id].contains(.added) else {
      throw .duplicateToken(path: path, token: content)
    }
    traits[token.id].insert(.added)
    if token.isSpecial { traits[token.id].insert(.special) }
    addedTokens.append(token)
  }

  /// The id of a token that merging can produce.
  func mergeableID(of spelling: ArraySlice<UInt8>) -> TokenID? {
    guard let id = spellings.id(of: spelling), traits[id].contains(.mergeable) else { return nil }
    return id
  }

  /// The id of any token.
  func id(of spelling: [UInt8]) -> TokenID? {
    spellings.id(of: spelling[...])
  }

  /// The spelling of a token, or nothing if no token has this id.
  func spelling(of id: TokenID) -> [UInt8]? {
    spellings[id].map(Array.init)
  }

  /// Whether `id` is a special token's.
  func isSpecial(_ id: TokenID) -> Bool {
    traits.indices.contains(id) && traits[id].contains(.special)
  }

  /// A spelling as text, for messages.
  static func text(_ spelling: [UInt8]) -> String {
    String(decoding: spelling, as: UTF8.self)
  }
}
