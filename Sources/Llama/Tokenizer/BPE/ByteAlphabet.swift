/// GPT-2's spelling of bytes: every byte has a printable character, so that a vocabulary of byte
/// strings can be written as text.
///
/// The printable bytes of Latin-1 stand for themselves; the 68 others (controls, the space, soft
/// hyphen and the like), in ascending order, are written U+0100, U+0101, and so on. So a space is
/// spelled `Ġ` (U+0120) and a line feed `Ċ` (U+010A).
/// Source: Radford et al. 2019, `bytes_to_unicode` of openai/gpt-2, encoder.py.
enum ByteAlphabet {
  /// The spelling of each byte, as UTF-8; index = byte.
  static let spellings: [[UInt8]] = scalars.map { Array(String($0).utf8) }

  /// The character of each byte; index = byte.
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

  /// The byte of each character from U+0000 to the last of the alphabet; index = scalar value.
  private static let bytes: [UInt8?] = {
    var bytes = [UInt8?](repeating: nil, count: 0x144)
    for (byte, scalar) in zip(UInt8.min...UInt8.max, scalars) { bytes[Int(scalar.value)] = byte }
    return bytes
  }()

  /// The byte that `scalar` spells, if it belongs to the alphabet.
  static func byte(of scalar: Unicode.Scalar) -> UInt8? {
    scalar.value < bytes.count ? bytes[Int(scalar.value)] : nil
  }

  /// The bytes that a token spells, or nothing if a character of it is not of the alphabet.
  static func bytes(spelledBy token: [UInt8]) -> [UInt8]? {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(token.count)
    for scalar in String(decoding: token, as: UTF8.self).unicodeScalars {
      guard let byte = byte(of: scalar) else { return nil }
      bytes.append(byte)
    }
    return bytes
  }

  /// How a vocabulary spells `bytes`.
  static func spelling(of bytes: ArraySlice<UInt8>) -> [UInt8] {
    var spelling: [UInt8] = []
    spelling.reserveCapacity(bytes.count + bytes.count / 2)
    for byte in bytes { spelling += spellings[Int(byte)] }
    return spelling
  }
}
