/// A value of a GGUF file's metadata.
///
/// The ten number types of the format are widened to three. An array is one Swift array, not an
/// array of `GGUFValue`: a vocabulary has some 50,000 entries.
enum GGUFValue: Equatable, Sendable {
  case unsigned(UInt64)
  case signed(Int64)
  case real(Double)
  case bool(Bool)
  case text(String)
  case unsignedArray([UInt64])
  case signedArray([Int64])
  case realArray([Double])
  case boolArray([Bool])
  case textArray([String])
  case arrayArray([GGUFValue])

  /// Whether both are the same value, whatever the integer type that a writer chose.
  func isSameNumber(as other: GGUFValue) -> Bool {
    switch (self, other) {
    case (.unsigned(let value), .signed(let otherValue)): value == otherValue
    default: self == other
    }
  }

  /// How arrays may be nested: no writer is known to nest them at all.
  static let nestingLimit = 4

  /// The kind of value, for messages.
  var kind: String {
    switch self {
    case .unsigned, .signed: "an integer"
    case .real: "a number"
    case .bool: "a Boolean"
    case .text: "a text"
    case .unsignedArray, .signedArray: "an array of integers"
    case .realArray: "an array of numbers"
    case .boolArray: "an array of Booleans"
    case .textArray: "an array of texts"
    case .arrayArray: "an array of arrays"
    }
  }

  /// The value itself if it is short, for messages.
  var shortDescription: String {
    switch self {
    case .unsigned(let value): "\(value)"
    case .signed(let value): "\(value)"
    case .real(let value): "\(value)"
    case .bool(let value): "\(value)"
    case .text(let value): value
    default: kind
    }
  }
}

/// The type numbers of metadata values (gguf-py 0.19.0, `constants.py`, `GGUFValueType`).
enum GGUFValueType: UInt32 {
  case uint8, int8, uint16, int16, uint32, int32, float32, bool, string, array, uint64, int64
  case float64

  /// The fewest bytes a value of this type takes.
  var minimumSize: Int {
    switch self {
    case .uint8, .int8, .bool: 1
    case .uint16, .int16: 2
    case .uint32, .int32, .float32: 4
    case .uint64, .int64, .float64: 8
    case .string: 8  // its length
    case .array: 4 + 8  // its element type and count
    }
  }
}
