import Foundation

/// A value that is written as null where there is none, instead of being left out.
struct Nullable<Value: Encodable>: Encodable {
  let value: Value?

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    if let value { try container.encode(value) } else { try container.encodeNil() }
  }
}

extension Nullable: Equatable where Value: Equatable {}

extension Console {
  /// Writes one JSON object on one line, keys in snake case and in alphabetical order.
  static func write(json value: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    try write(String(decoding: try encoder.encode(value), as: UTF8.self) + "\n")
  }
}
