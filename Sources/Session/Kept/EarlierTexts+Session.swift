import Files
import Foundation
import Llama
import Lookahead

extension EarlierTexts {
  /// The texts in the file of `SessionSettings.poolCache`; none if it does not exist yet.
  /// - Throws: `SessionError.noTokenizer`; what `EarlierTexts` throws; `OutputFileError` before any
  ///   text is generated.
  init(path: String, opened: OpenedModel) throws {
    let digest = try opened.requiredTokenizer().vocabularyDigest
    self =
      FileManager.default.fileExists(atPath: path)
      // A model may have more tokens than its tokenizer, and its texts all of them.
      ? try EarlierTexts(
        path: path, vocabularyDigest: digest,
        vocabularySize: opened.checkpoint.configuration.vocabularySize)
      : EarlierTexts(vocabularyDigest: digest)
    try OutputFile.check(path)
  }
}
