extension [UInt8] {
  /// Appends an integer, least significant byte first.
  public mutating func append(littleEndian value: some FixedWidthInteger) {
    var rest = value
    for _ in 0..<(value.bitWidth / 8) {
      append(UInt8(truncatingIfNeeded: rest))
      rest >>= 8
    }
  }

  /// Appends a binary32.
  public mutating func append(littleEndian value: Float) { append(littleEndian: value.bitPattern) }

  /// The bytes of an integer.
  public init(littleEndian value: some FixedWidthInteger) {
    self = []
    append(littleEndian: value)
  }

  /// The bytes of several binary32 numbers.
  public init(littleEndian values: [Float]) {
    self = []
    for value in values { append(littleEndian: value) }
  }
}
