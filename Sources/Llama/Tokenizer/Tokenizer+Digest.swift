import Files
import Tensor

extension Tokenizer {
  /// What tells one vocabulary from another: SHA-256 over all tokens in the order of their ids, each
  /// as the number of its UTF-8 bytes (4 bytes, little-endian) and these bytes.
  public var vocabularyDigest: [UInt8] {
    var hash = SHA256()
    for id in 0..<vocabularySize {
      let spelling = Array((spelling(of: id) ?? "").utf8)
      let count = UInt32(truncatingIfNeeded: spelling.count)
      hash.update([0, 8, 16, 24].map { UInt8(truncatingIfNeeded: count >> $0) } + spelling)
    }
    return hash.digest
  }
}
