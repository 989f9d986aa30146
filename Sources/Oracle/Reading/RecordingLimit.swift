import Files

/// How much a recording may hold, so that a small file cannot ask for much memory or time: of each
/// row and pass more is kept than a hostile file needs to announce it (docs/reliability.md).
struct RecordingLimit {
  let most: Int

  /// Bytes of a JSON document: it stands in memory as a whole.
  static let documentBytes = RecordingLimit(most: 256_000_000)
  /// Rows of a tensor, and tokens of an answer.
  static let rows = RecordingLimit(most: 1 << 18)
  /// Values of a row: of some ten numbers for each, while a row is compared.
  static let columns = RecordingLimit(most: 1 << 20)
  static let passes = RecordingLimit(most: 1 << 16)
  /// Tensors of a file, and names of tensors in all passes.
  static let tensors = RecordingLimit(most: 1 << 14)
  static let chunks = RecordingLimit(most: 1 << 14)
  /// Rows of all passes together; of llama.cpp's logits the tokens.
  static let passRows = RecordingLimit(most: 1 << 20)

  /// Refuses more of something than is read.
  /// - Parameter what: a plural noun.
  func check(_ found: Int, _ what: String, path: String) throws(FileError) {
    if found > most {
      throw FileError(
        path, "the number of \(what)", .invalid(expected: "at most \(most)", found: "\(found)"))
    }
  }
}
