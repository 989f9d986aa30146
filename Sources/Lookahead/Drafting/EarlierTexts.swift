import Files
import Llama
import Tensor

/// Texts of earlier runs, whose n-grams are candidates: `LookaheadConfiguration.PoolSources.file`.
///
/// A file of them, all numbers little-endian:
///
/// | bytes | what |
/// |---|---|
/// | 8 | `LOOKPOOL` |
/// | 4 | version, 1 |
/// | 4 | number of texts |
/// | 4 | number of tokens in all of them |
/// | 32 | SHA-256 of the tokenizer's vocabulary (`Tokenizer.vocabularyDigest`) |
/// | 4 for each text | its number of tokens |
/// | 4 for each token | token ids, text after text, the oldest text first |
/// | 32 | SHA-256 of all bytes before |
public struct EarlierTexts: Equatable, Sendable {
  /// The texts, the oldest first.
  public private(set) var texts: [[TokenID]] = []
  /// SHA-256 of the vocabulary that the token ids are of.
  public let vocabularyDigest: [UInt8]

  /// Tokens of all texts together at the most; the oldest texts go first.
  public static let maximumTokens = 32_768
  /// Texts at the most.
  public static let maximumTexts = 1_024

  private static let magic = Array("LOOKPOOL".utf8)
  private static let version: UInt32 = 1
  private static let headerSize = 52
  private static let digestSize = 32

  /// No texts yet.
  /// - Parameter vocabularyDigest: `Tokenizer.vocabularyDigest`, 32 bytes.
  public init(vocabularyDigest: [UInt8]) {
    precondition(
      vocabularyDigest.count == EarlierTexts.digestSize, "\(vocabularyDigest.count) bytes of digest"
    )
    self.vocabularyDigest = vocabularyDigest
  }

  /// Adds a text as the newest; one that is there already moves to the end.
  ///
  /// Of a text longer than `maximumTokens` the end is taken; one without tokens is none.
  public mutating func append(_ text: [TokenID]) {
    let text = Array(text.suffix(EarlierTexts.maximumTokens))
    texts.removeAll { $0 == text }
    if !text.isEmpty { texts.append(text) }
    var tokens = texts.reduce(0) { $0 + $1.count }
    while tokens > EarlierTexts.maximumTokens || texts.count > EarlierTexts.maximumTexts {
      tokens -= texts.removeFirst().count
    }
  }

  /// Reads a file.
  /// - Parameters:
  ///   - vocabularyDigest: of the tokenizer in use; a file of another is refused.
  ///   - vocabularySize: token ids must be below.
  /// - Throws: `EarlierTextsError`, or `InputFileError` for a file that cannot be opened.
  public init(path: String, vocabularyDigest: [UInt8], vocabularySize: Int) throws {
    self.init(vocabularyDigest: vocabularyDigest)
    let file = try InputFile(path: path)
    guard
      file.bytes(at: 0, count: EarlierTexts.magic.count) == EarlierTexts.magic,
      let version = file.integer(at: 8, as: UInt32.self),
      let textCount = file.integer(at: 12, as: UInt32.self),
      let tokenCount = file.integer(at: 16, as: UInt32.self),
      let foundVocabulary = file.bytes(at: 20, count: EarlierTexts.digestSize)
    else { throw EarlierTextsError.notPoolCache(path: path) }
    if version != EarlierTexts.version {
      throw EarlierTextsError.unknownVersion(path: path, found: Int(version))
    }
    for (what, found, limit) in [
      ("texts", textCount, EarlierTexts.maximumTexts),
      ("tokens", tokenCount, EarlierTexts.maximumTokens),
    ] where found > limit {
      throw EarlierTextsError.tooLarge(path: path, what: what, found: Int(found), limit: limit)
    }
    let lengthsEnd = EarlierTexts.headerSize + 4 * Int(textCount)
    let end = lengthsEnd + 4 * Int(tokenCount)
    let expected = end + EarlierTexts.digestSize
    guard file.count == expected,
      let lengths = file.integers(
        at: EarlierTexts.headerSize, count: Int(textCount), as: UInt32.self),
      let tokens = file.integers(at: lengthsEnd, count: Int(tokenCount), as: UInt32.self),
      let checksum = file.bytes(at: end, count: EarlierTexts.digestSize)
    else {
      throw EarlierTextsError.wrongSize(path: path, expected: expected, found: file.count)
    }
    var hash = SHA256()
    file.withBytes(in: 0..<end) { hash.update($0) }
    try file.checkUnchanged()
    guard hash.digest == checksum, lengths.reduce(0, { $0 + Int($1) }) == tokens.count else {
      throw EarlierTextsError.damaged(path: path)
    }
    if foundVocabulary != vocabularyDigest { throw EarlierTextsError.otherVocabulary(path: path) }
    if let token = tokens.first(where: { $0 >= vocabularySize }) {
      throw EarlierTextsError.tokenOutOfRange(
        path: path, token: Int(token), vocabularySize: vocabularySize)
    }
    var rest = tokens[...]
    for length in lengths {
      texts.append(rest.prefix(Int(length)).map(TokenID.init))
      rest = rest.dropFirst(Int(length))
    }
  }

  /// Writes a file. What was there is replaced at once (`OutputFile`).
  /// - Throws: `EarlierTextsError.cannotWrite`.
  public func write(to path: String) throws {
    var bytes = EarlierTexts.magic
    func append(_ number: UInt32) {
      for shift in [0, 8, 16, 24] { bytes.append(UInt8(truncatingIfNeeded: number >> shift)) }
    }
    append(EarlierTexts.version)
    append(UInt32(texts.count))
    append(UInt32(texts.reduce(0) { $0 + $1.count }))
    bytes += vocabularyDigest
    for text in texts { append(UInt32(text.count)) }
    for token in texts.joined() { append(UInt32(truncatingIfNeeded: token)) }
    var hash = SHA256()
    hash.update(bytes)
    bytes += hash.digest
    do {
      try OutputFile.replace(path, with: bytes)
    } catch {
      throw EarlierTextsError.cannotWrite(path: path, reason: error.reason)
    }
  }
}
