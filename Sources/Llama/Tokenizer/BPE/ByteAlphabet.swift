/// GPT-2's spelling of bytes by printable characters, in which byte-level vocabularies are written.
///
/// The printable bytes of Latin-1 are spelled by themselves, the 68 others in ascending order by
/// U+0100, U+0101, …: a space is `Ġ` (U+0120), a line feed `Ċ` (U+010A).
/// Source: Radford et al. 2019, `bytes_to_unicode` of openai/gpt-2, encoder.py.
enum ByteAlphabet {
  /// The spelling of each byte, as UTF-8; index = byte.
  static let spellings: [[UInt8]] = scalars.map { Array(String($0).utf8) }

  private static let scalars: [Unicode.Scalar] = {
    var substitutes = (UInt32(0x100)...).lazy.compactMap(Unicode.Scalar.init).makeIterator()
    return (UInt8.min...UInt8.max).map { byte in
      let isPrintable = (0x21...0x7E).contains(byte) || (0xA1...0xAC).contains(byte) || byte >= 0xAE
      return isPrintable ? Unicode.Scalar(byte) : substitutes.next() ?? Unicode.Scalar(byte)
    }
  }()

  private static let bytes = Dictionary(
    uniqueKeysWithValues: zip(scalars, UInt8.min...UInt8.max))

  /// The bytes of a token's spelling; nil if a character of it is not in the alphabet.
  static func bytes(spelledBy token: [UInt8]) -> [UInt8]? {
    let scalars = String(decoding: token, as: UTF8.self).unicodeScalars
    let bytes = scalars.compactMap { Self.bytes[$0] }
    return bytes.count == scalars.count ? bytes : nil
  }

  static func spelling(of bytes: ArraySlice<UInt8>) -> [UInt8] {
    bytes.flatMap { spellings[Int($0)] }
  }
}
