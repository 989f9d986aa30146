/// GPT-2's spelling of bytes by printable characters, in which byte-level vocabularies are written.
///
/// The printable bytes of Latin-1 are spelled by themselves, the 68 others in ascending order by
/// U+0100, U+0101, …: a space is `Ġ` (U+0120), a line feed `Ċ` (U+010A).
/// Source: Radford et al. 2019, `bytes_to_unicode` of openai/gpt-2, encoder.py.
enum ByteAlphabet {
  /// The spelling of each byte, as UTF-8; index = byte.
  static let spellings: [[UInt8]] = scalars.map { Array(String($0).utf8) }

  /// Index = byte.
  private static let scalars: [Unicode.Scalar] = {
    var scalars: [Unicode.Scalar] = []
    var substitute: UInt32 = 0x100
    for byte in UInt8.min...UInt8.max {
      let isPrintable = (0x21...0x7E).contains(byte) || (0xA1...0xAC).contains(byte) || byte >= 0xAE
      if !isPrintable, let scalar = Unicode.Scalar(substitute) {
        scalars.append(scalar)
        substitute += 1
      } else {
        scalars.append(Unicode.Scalar(byte))
      }
    }
    return scalars
  }()

  /// Index = scalar value, to the last of the alphabet.
  private static let bytes: [UInt8?] = {
    var bytes = [UInt8?](repeating: nil, count: 0x144)
    for (byte, scalar) in zip(UInt8.min...UInt8.max, scalars) { bytes[Int(scalar.value)] = byte }
    return bytes
  }()

  /// The bytes of a token's spelling; nil if a character of it is not in the alphabet.
  static func bytes(spelledBy token: [UInt8]) -> [UInt8]? {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(token.count)
    for scalar in String(decoding: token, as: UTF8.self).unicodeScalars {
      guard scalar.value < Self.bytes.count, let byte = Self.bytes[Int(scalar.value)] else {
        return nil
      }
      bytes.append(byte)
    }
    return bytes
  }

  static func spelling(of bytes: ArraySlice<UInt8>) -> [UInt8] {
    var spelling: [UInt8] = []
    spelling.reserveCapacity(bytes.count + bytes.count / 2)
    for byte in bytes { spelling += spellings[Int(byte)] }
    return spelling
  }
}
