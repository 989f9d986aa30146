import Files
import Lookahead
import Tensor

/// A pool cache, as it is and with the right checksum appended.
enum PoolCacheTarget {
  private static let file = FileInMemory()

  static func read(_ input: [UInt8]) throws {
    // The vocabulary of the file itself, so that the reader does not refuse it.
    let vocabulary = input.count >= 52 ? Array(input[20..<52]) : Array(repeating: 0, count: 32)
    var hash = SHA256()
    hash.update(input)
    file.write(input + hash.digest)
    do {
      try check(EarlierTexts(path: file.path, vocabularyDigest: vocabulary, vocabularySize: 256))
    } catch {
      file.write(input)
      try check(EarlierTexts(path: file.path, vocabularyDigest: vocabulary, vocabularySize: 256))
    }
  }

  private static func check(_ texts: EarlierTexts) {
    precondition(texts.texts.joined().allSatisfy { 0..<256 ~= $0 })
    var texts = texts
    texts.append([1, 2, 3])
  }
}
