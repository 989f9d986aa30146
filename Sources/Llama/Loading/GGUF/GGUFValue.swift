import Files

/// A value of a GGUF file's metadata.
///
/// The ten number types of the format are widened to three. An array is one Swift array, not an
/// array of `GGUFValue`: a vocabulary has some 50,000 entries.
struct GGUFValue: Equatable, Sendable {
  enum Elements: Equatable, Sendable {
    case unsigned([UInt64])
    case signed([Int64])
    case real([Double])
    case bool([Bool])
    case text([String])
    case array([GGUFValue])
  }

  /// One element unless `isArray`.
  let elements: Elements
  let isArray: Bool

  init(_ elements: Elements, isArray: Bool = false) {
    (self.elements, self.isArray) = (elements, isArray)
  }

  /// How deep arrays may be nested: no writer is known to nest them at all.
  static let nestingLimit = 4

  var kind: String {
    let (article, noun) =
      switch elements {
      case .unsigned, .signed: ("an", "integer")
      case .real: ("a", "number")
      case .bool: ("a", "Boolean")
      case .text: ("a", "text")
      case .array: ("an", "array")
      }
    return isArray ? "an array of \(noun)s" : "\(article) \(noun)"
  }

  /// The value itself, or the kind of an array, for messages.
  var shortDescription: String {
    if isArray { return kind }
    return switch elements {
    case .unsigned(let values): "\(values[0])"
    case .signed(let values): "\(values[0])"
    case .real(let values): "\(values[0])"
    case .bool(let values): "\(values[0])"
    case .text(let values): OneLine.quoted(values[0])
    case .array: kind
    }
  }
}

/// The type numbers of metadata values (gguf-py 0.19.0, `constants.py`, `GGUFValueType`).
enum GGUFValueType: UInt32, CaseIterable {
  case uint8, int8, uint16, int16, uint32, int32, float32, bool, string, array, uint64, int64
  case float64

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
