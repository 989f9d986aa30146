import Files

/// The tokens of a model: spelling to id and back.
///
/// A token is spelled as its file spells it: byte-level vocabularies in `ByteAlphabet`,
/// SentencePiece's with `▁` for a space and `<0x0A>` for a byte.
struct Vocabulary: Sendable {
  /// An upper bound of all ids.
  static let idLimit = 1 << 22
  /// A bound for the ids of a small vocabulary: allows gaps, but no tables of millions for a file of
  /// one token.
  private static let gapLimit = 1 << 18

  private var spellings: SpellingTable
  /// Whether merging can produce a token; index = id, false where an id has no token.
  private var isMergeable: [Bool] = []
  private var isSpecialAddedToken: [TokenID: Bool] = [:]
  private let idLimit: Int
  private(set) var addedTokens: [AddedToken] = []
  private var addedBytes = 0

  /// One more than the largest id.
  var count: Int { spellings.count }
  var specialCount: Int { addedTokens.count { $0.isSpecial } }
  /// Bytes of the longest token.
  var longestSpelling: Int { (0..<count).map { spellings[$0]?.count ?? 0 }.max() ?? 0 }

  /// Whether `▁` is only at the beginning of mergeable tokens, or after another `▁`.
  var marksBeginTokens: Bool {
    isMergeable.indices.allSatisfy { id in
      guard isMergeable[id], let spelling = spellings[id] else { return true }
      var pieces = 0
      SpaceMarking.forEachPiece(of: spelling, everyMark: false) { _ in pieces += 1 }
      return pieces <= 1
    }
  }

  /// An empty vocabulary with room for `capacity` tokens.
  init(capacity: Int) {
    idLimit = min(Self.idLimit, Self.gapLimit + 4 * min(capacity, Self.idLimit))
    spellings = SpellingTable(capacity: min(capacity, Self.idLimit))
    isMergeable.reserveCapacity(min(capacity, Self.idLimit))
  }

  /// Adds a token; `isMergeable` tells whether merging can produce it: if not, it is an added token,
  /// or a byte.
  ///
  /// - Throws: `FileError` about the file `path` if the spelling or the id is taken, or the id out of
  ///   range.
  mutating func insert(
    _ spelling: [UInt8], id: Int, isMergeable: Bool, path: String
  ) throws(FileError) {
    func invalidID(_ expected: String, _ found: String) -> FileError {
      FileError(
        path, "the id of the token \(Self.quoted(spelling))",
        .invalid(expected: expected, found: found))
    }
    guard id >= 0, id < idLimit else { throw invalidID("in 0 ..< \(idLimit)", "\(id)") }
    if let other = spellings[id] {
      throw invalidID("an id of its own", "\(id), the id of \(Self.quoted(other))")
    }
    guard spellings.hasRoom(for: spelling) else {
      throw FileError(
        path, "the length of all tokens", .invalid(expected: "at most 2 GB", found: "larger"))
    }
    guard spellings.insert(spelling, id: id) else {
      throw FileError(path, "the token \(Self.quoted(spelling))", .duplicate)
    }
    while self.isMergeable.count <= id { self.isMergeable.append(false) }
    self.isMergeable[id] = isMergeable
  }

  /// Adds a token that is found whole; it may have been inserted before, under the same id.
  ///
  /// - Throws: `FileError` about the file `path` if it was added before, is empty, too long or has
  ///   another id.
  mutating func add(_ token: AddedToken, path: String) throws(FileError) {
    let part = "the added token \(Self.quoted(token.content))"
    func check(_ part: String, bytes: Int, limit: Int) throws(FileError) {
      if bytes <= limit { return }
      throw FileError(
        path, part, .invalid(expected: "at most \(limit) bytes", found: "\(bytes) bytes"))
    }
    if let id = spellings.id(of: token.content[...]) {
      guard id == token.id else {
        throw FileError(
          path, "the id of \(part)",
          .invalid(expected: "\(id), as in the vocabulary", found: "\(token.id)"))
      }
    } else {
      try insert(token.content, id: token.id, isMergeable: false, path: path)
    }
    try check("the length of \(part)", bytes: token.content.count, limit: AddedToken.spellingLimit)
    addedBytes += token.content.count
    try check("the length of all added tokens", bytes: addedBytes, limit: AddedToken.totalLimit)
    guard !token.content.isEmpty,
      isSpecialAddedToken.updateValue(token.isSpecial, forKey: token.id) == nil
    else { throw FileError(path, part, .duplicate) }
    addedTokens.append(token)
  }

  /// The id of a token that merging can produce.
  func mergeableID(of spelling: ArraySlice<UInt8>) -> TokenID? {
    spellings.id(of: spelling).flatMap { isMergeable[$0] ? $0 : nil }
  }

  func id(of spelling: [UInt8]) -> TokenID? {
    spellings.id(of: spelling[...])
  }

  func spelling(of id: TokenID) -> [UInt8]? {
    spellings[id].map(Array.init)
  }

  func isSpecial(_ id: TokenID) -> Bool {
    isSpecialAddedToken[id] == true
  }

  /// The tokens `<0x00>` ... `<0xFF>`; index = byte.
  var byteTokenIDs: [TokenID?] {
    (UInt8.min...UInt8.max).map { byte in
      let digits = String(byte, radix: 16, uppercase: true)
      return id(of: Array("<0x\(byte < 16 ? "0" : "")\(digits)>".utf8))
    }
  }

  static func text(_ spelling: some Collection<UInt8>) -> String {
    String(decoding: spelling, as: UTF8.self)
  }

  /// A spelling as errors show it.
  static func quoted(_ spelling: some Collection<UInt8>) -> String {
    OneLine.quoted(text(spelling))
  }
}
