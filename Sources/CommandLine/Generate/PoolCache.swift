import Files
import Foundation
import Llama
import Lookahead
import Tensor

/// The file of `--pool-cache`: read before, written after each text.
struct PoolCache {
  private let path: String
  private(set) var earlier: EarlierTexts

  /// Reads the file; one that is not there yet is empty. That it could not be written later is said
  /// now, and not when a text has been made.
  /// - Throws: `CommandError.noTokenizer`, or what `EarlierTexts` throws.
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
      throw EarlierTextsError.cannotWrite(path: path, reason: reason)
    }
  }

  /// Takes in a text and writes the file.
  mutating func append(_ text: [TokenID]) throws {
    earlier.append(text)
    try Interruption.finishing { try earlier.write(to: path) }
  }
}
