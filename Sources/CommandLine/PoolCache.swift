import Foundation
import Llama
import Lookahead

/// The file of `--pool-cache`: read before, written after each text.
struct PoolCache {
  private let path: String
  private(set) var earlier: EarlierTexts

  /// Reads the file; one that is not there yet is empty.
  /// - Throws: `CommandError.noTokenizer`, or what `EarlierTexts` throws.
  init(path: String, opened: OpenedModel) throws {
    let tokenizer = try opened.requiredTokenizer()
    let digest = tokenizer.vocabularyDigest
    self.path = path
    earlier =
      FileManager.default.fileExists(atPath: path)
      ? try EarlierTexts(
        path: path, vocabularyDigest: digest, vocabularySize: tokenizer.vocabularySize)
      : EarlierTexts(vocabularyDigest: digest)
  }

  /// Takes in a text and writes the file.
  mutating func append(_ text: [TokenID]) throws {
    earlier.append(text)
    try Interruption.finishing { try earlier.write(to: path) }
  }
}
