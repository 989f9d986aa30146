import Files
import Foundation
import Llama
import Lookahead

/// The file of `SessionSettings.poolCache`.
struct PoolCache {
  private let path: String
  private(set) var earlier: EarlierTexts

  /// Reads the file; one that does not exist yet is empty.
  /// - Throws: `SessionError.noTokenizer`; what `EarlierTexts` throws; `OutputFileError` before any
  ///   text is generated.
  init(path: String, opened: OpenedModel) throws {
    let digest = try opened.requiredTokenizer().vocabularyDigest
    self.path = path
    earlier =
      FileManager.default.fileExists(atPath: path)
      // A model may have more tokens than its tokenizer, and its texts all of them.
      ? try EarlierTexts(
        path: path, vocabularyDigest: digest,
        vocabularySize: opened.checkpoint.configuration.vocabularySize)
      : EarlierTexts(vocabularyDigest: digest)
    if let reason = OutputFile.obstacle(at: path) {
      throw OutputFileError(path, reason: reason)
    }
  }

  mutating func append(_ text: [TokenID]) { earlier.append(text) }

  func write() throws { try earlier.write(to: path) }
}
