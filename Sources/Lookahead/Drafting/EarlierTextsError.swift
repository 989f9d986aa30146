/// What is wrong with a file of earlier texts. Each description is one sentence.
public enum EarlierTextsError: Error, Equatable, Sendable, CustomStringConvertible {
  /// Another kind of file, or less than its beginning.
  case notPoolCache(path: String)
  /// A version that this program does not know.
  case unknownVersion(path: String, found: Int)
  /// More than a file may hold.
  case tooLarge(path: String, what: String, found: Int, limit: Int)
  /// Bytes missing or left over.
  case wrongSize(path: String, expected: Int, found: Int)
  /// The checksum, or the lengths of the texts, do not fit the rest.
  case damaged(path: String)
  /// Made with another tokenizer.
  case otherVocabulary(path: String)
  /// A token id that the vocabulary does not have.
  case tokenOutOfRange(path: String, token: Int, vocabularySize: Int)
  /// The file, or the one beside it that would replace it, cannot be written, for the reason that the
  /// system gave.
  case cannotWrite(path: String, reason: String)

  /// One sentence.
  public var description: String {
    switch self {
    case .notPoolCache(let path):
      "\(path) is not a pool cache: it does not begin as one."
    case .unknownVersion(let path, let found):
      "\(path) is a pool cache of version \(found), of which only version 1 is known."
    case .tooLarge(let path, let what, let found, let limit):
      "\(path) is a pool cache of \(found) \(what), but at most \(limit) are allowed."
    case .wrongSize(let path, let expected, let found):
      "\(path) is a pool cache that should have \(expected) bytes, but has \(found)."
    case .damaged(let path):
      "\(path) is a damaged pool cache: its checksum is wrong."
    case .otherVocabulary(let path):
      "\(path) is a pool cache made with another tokenizer's vocabulary."
    case .tokenOutOfRange(let path, let token, let vocabularySize):
      "\(path) is a pool cache with token \(token), but the vocabulary has \(vocabularySize) tokens."
    case .cannotWrite(let path, let reason):
      "\(path) cannot be written as a pool cache: \(reason)."
    }
  }
}
