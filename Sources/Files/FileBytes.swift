extension [UInt8] {
  /// Appends the bytes of a number, the least significant first.
  public mutating func append(littleEndian number: some FixedWidthInteger) {
    for shift in stride(from: 0, to: number.bitWidth, by: 8) {
      append(UInt8(truncatingIfNeeded: number >> shift))
    }
  }
}

extension SHA256 {
  public static func digest(of bytes: [UInt8]) -> [UInt8] {
    var hash = SHA256()
    hash.update(bytes)
    return hash.digest
  }
}

extension InputFile {
  /// The SHA-256 of a part of the file.
  public func sha256(of range: Range<Int>) -> [UInt8] {
    var hash = SHA256()
    withBytes(in: range) { hash.update($0) }
    return hash.digest
  }
}
