import Files
import Llama

/// Texts of earlier runs, from which candidates are drafted: `LookaheadConfiguration.PoolSources.file`.
///
/// The format of the file (the pool cache), all numbers little-endian:
///
/// | bytes | content |
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

  /// Limit on the tokens of all texts together; the oldest texts are dropped first.
  public static let maximumTokens = 32_768
  public static let maximumTexts = 1_024

  private static let magic = Array("LOOKPOOL".utf8)
  private static let version: UInt32 = 1
  private static let headerSize = 52
  private static let digestSize = 32

  /// - Parameter vocabularyDigest: `Tokenizer.vocabularyDigest`, 32 bytes.
  public init(vocabularyDigest: [UInt8]) {
    precondition(
      vocabularyDigest.count == EarlierTexts.digestSize, "\(vocabularyDigest.count) bytes of digest"
    )
    self.vocabularyDigest = vocabularyDigest
  }

  /// Adds a text as the newest; a text that is there already becomes the newest. Of a text longer than
  /// `maximumTokens` the end is stored; an empty one is ignored.
  public mutating func append(_ text: [TokenID]) {
    let text = Array(text.suffix(EarlierTexts.maximumTokens))
    texts.removeAll { $0 == text }
    if !text.isEmpty { texts.append(text) }
    var tokens = texts.reduce(0) { $0 + $1.count }
    while tokens > EarlierTexts.maximumTokens || texts.count > EarlierTexts.maximumTexts {
      tokens -= texts.removeFirst().count
    }
  }

  /// - Parameters:
  ///   - vocabularyDigest: of the tokenizer in use; a file made with another is refused.
  ///   - vocabularySize: upper bound of token ids.
  /// - Throws: `FileError`, or `InputFileError` for a file that cannot be opened.
  public init(path: String, vocabularyDigest: [UInt8], vocabularySize: Int) throws {
    self.init(vocabularyDigest: vocabularyDigest)
    let file = try InputFile(path: path)
    guard
      file.bytes(at: 0, count: EarlierTexts.magic.count) == EarlierTexts.magic,
      let version = file.integer(at: 8, as: UInt32.self),
      let textCount = file.integer(at: 12, as: UInt32.self),
      let tokenCount = file.integer(at: 16, as: UInt32.self),
      let foundVocabulary = file.bytes(at: 20, count: EarlierTexts.digestSize)
    else {
      throw FileError(
        path, nil, .malformed(reason: "is not a pool cache: it does not begin as one"))
    }
    if version != EarlierTexts.version {
      throw FileError(
        path, "the pool cache's version",
        .unsupported(found: "\(version)", supported: "\(EarlierTexts.version)"))
    }
    for (part, found, limit) in [
      ("the pool cache's number of texts", textCount, EarlierTexts.maximumTexts),
      ("the pool cache's number of tokens", tokenCount, EarlierTexts.maximumTokens),
    ] where found > limit {
      throw FileError(path, part, .invalid(expected: "at most \(limit)", found: "\(found)"))
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
      throw FileError(
        path, "the pool cache's size",
        .invalid(expected: "\(expected) bytes", found: "\(file.count) bytes"))
    }
    let found = file.sha256(of: 0..<end)
    try file.checkUnchanged()
    guard found == checksum, lengths.reduce(0, { $0 + Int($1) }) == tokens.count else {
      throw FileError(
        path, "the pool cache", .malformed(reason: "is damaged: its checksum is wrong"))
    }
    if foundVocabulary != vocabularyDigest {
      throw FileError(
        path, "the pool cache",
        .malformed(reason: "was made with another tokenizer's vocabulary"))
    }
    if let token = tokens.first(where: { $0 >= vocabularySize }) {
      throw FileError(
        path, "a token of the pool cache",
        .invalid(expected: "below the vocabulary's size, \(vocabularySize)", found: "\(token)"))
    }
    var rest = tokens[...]
    for length in lengths {
      texts.append(rest.prefix(Int(length)).map(TokenID.init))
      rest = rest.dropFirst(Int(length))
    }
  }

  /// Writes the file, replacing an existing one atomically.
  public func write(to path: String) throws(OutputFileError) {
    var bytes = EarlierTexts.magic
    bytes.append(littleEndian: EarlierTexts.version)
    bytes.append(littleEndian: UInt32(texts.count))
    bytes.append(littleEndian: UInt32(texts.reduce(0) { $0 + $1.count }))
    bytes += vocabularyDigest
    for text in texts { bytes.append(littleEndian: UInt32(text.count)) }
    for token in texts.joined() {
      bytes.append(littleEndian: UInt32(truncatingIfNeeded: token))
    }
    bytes += SHA256.digest(of: bytes)
    try OutputFile.replace(path, with: bytes)
  }
}
