import Files

/// The JSON header of a safetensors file, as written.
///
/// An object with an entry for each tensor, and one, `__metadata__`, with free texts that are not
/// read here.
struct SafetensorsHeader: Decodable {
  /// What the header says of one tensor.
  struct Entry: Decodable {
    var elementType: String
    var shape: [Int]
    /// First byte and byte after the last, from the start of the tensor data.
    var offsets: [Int]

    enum CodingKeys: String, CodingKey {
      case elementType = "dtype"
      case shape
      case offsets = "data_offsets"
    }

    init(from decoder: any Decoder) throws {
      let keys = try decoder.container(keyedBy: CodingKeys.self)
      elementType = try keys.decode(String.self, forKey: .elementType)
      shape = try keys.decodeNumber([Int].self, forKey: .shape)
      offsets = try keys.decodeNumber([Int].self, forKey: .offsets)
    }
  }

  /// The tensors by name.
  var entries: [String: Entry] = [:]

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: TensorKey.self)
    for key in container.allKeys where key.stringValue != "__metadata__" {
      entries[key.stringValue] = try container.decode(Entry.self, forKey: key)
    }
  }

  /// Bytes of one element, or nil for a type that is not known here
  /// (names: safetensors 0.8.0, `Dtype`).
  static func elementSize(_ type: String) -> Int? {
    switch type {
    case "BOOL", "U8", "I8", "F8_E5M2", "F8_E4M3", "F8_E8M0": 1
    case "U16", "I16", "F16", "BF16": 2
    case "U32", "I32", "F32": 4
    case "U64", "I64", "F64", "C64": 8
    default: nil
    }
  }
}

/// A tensor's name as a key of the header.
private struct TensorKey: CodingKey {
  let stringValue: String
  var intValue: Int? { nil }

  init(stringValue: String) { self.stringValue = stringValue }
  init?(intValue: Int) { nil }
}
