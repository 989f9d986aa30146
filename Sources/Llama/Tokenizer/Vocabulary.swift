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

  private struct Entry {
    var spelling: [UInt8]
    var isMergeable: Bool
    var isAdded = false
    var isSpecial = false
  }

  /// By id; nothing where an id has no token.
  private var entries: [Entry?] = []
  private let idLimit: Int
  private var ids: [ArraySlice<UInt8>: TokenID] = [:]
  /// The tokens that are found in text as a whole.
  private(set) var addedTokens: [AddedToken] = []

  /// One more than the largest id.
  var count: Int { entries.count }
  /// How many tokens are special.
  var specialCount: Int { addedTokens.count { $0.isSpecial } }
  /// Length of the longest token, in bytes.
  var longestSpelling: Int { entries.lazy.map { $0?.spelling.count ?? 0 }.max() ?? 0 }

  /// Whether in every mergeable token, `▁` stands at the beginning or after another `▁`.
  var marksBeginTokens: Bool {
    entries.allSatisfy { entry in
      guard let entry, entry.isMergeable else { return true }
      var pieces = 0
      SpaceMarking.forEachPiece(of: entry.spelling[...], everyMark: false) { _ in pieces += 1 }
      return pieces <= 1
    }
  }

  /// An empty vocabulary with room for `capacity` tokens.
  init(capacity: Int) {
    idLimit = min(Self.idLimit, Self.gapLimit + 4 * min(capacity, Self.idLimit))
    entries.reserveCapacity(capacity)
    ids.reserveCapacity(capacity)
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
    while id >= entries.count { entries.append(nil) }
    if let other = entries[id] {
      throw .duplicateID(
        path: path, id: id, first: Self.text(other.spelling), second: Self.text(spelling))
    }
    guard ids.updateValue(id, forKey: spelling[...]) == nil else {
      throw .duplicateToken(path: path, token: Self.text(spelling))
    }
    entries[id] = Entry(spelling: spelling, isMergeable: isMergeable)
  }

  /// Adds a token that is found whole; it may have been inserted before, under the same id.
  ///
  /// - Throws: `TokenizerError` if it was added before, is empty or has another id.
  mutating func add(_ token: AddedToken, path: String) throws(TokenizerError) {
    let content = Self.text(token.content)
    if let id = ids[token.content[...]] {
      guard id == token.id else {
        throw .conflictingID(path: path, token: content, vocabularyID: id, addedID: token.id)
      }
    } else {
      try insert(token.content, id: token.id, isMergeable: false, path: path)
    }
    guard token.content.count <= AddedToken.spellingLimit else {
      throw .invalidValue(path: path, field: "added_tokens", found: content)
    }
    guard !token.content.isEmpty, entries[token.id]?.isAdded == false else {
      throw .duplicateToken(path: path, token: content)
    }
    entries[token.id]?.isAdded = true
    entries[token.id]?.isSpecial = token.isSpecial
    addedTokens.append(token)
  }

  /// The id of a token that merging can produce.
  func mergeableID(of spelling: ArraySlice<UInt8>) -> TokenID? {
    guard let id = ids[spelling], entries[id]?.isMergeable == true else { return nil }
    return id
  }

  /// The id of any token.
  func id(of spelling: [UInt8]) -> TokenID? {
    ids[spelling[...]]
  }

  /// The spelling of a token, or nothing if no token has this id.
  func spelling(of id: TokenID) -> [UInt8]? {
    entries.indices.contains(id) ? entries[id]?.spelling : nil
  }

  /// Whether `id` is a special token's.
  func isSpecial(_ id: TokenID) -> Bool {
    entries.indices.contains(id) && entries[id]?.isSpecial == true
  }

  /// A spelling as text, for messages.
  static func text(_ spelling: [UInt8]) -> String {
    String(decoding: spelling, as: UTF8.self)
  }
}
