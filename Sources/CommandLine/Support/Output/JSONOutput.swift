import Foundation

/// A JSON object: names as they are written, and values, of which nil is written as null.
struct JSONObject: Encodable, ExpressibleByDictionaryLiteral {
  private var fields: [(name: Name, value: any Encodable)]

  private struct Name: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  init(dictionaryLiteral fields: (String, any Encodable)...) {
    self.fields = fields.map { (Name(stringValue: $0), $1) }
  }

  mutating func append(_ name: String, _ value: any Encodable) {
    fields.append((Name(stringValue: name), value))
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Name.self)
    for field in fields { try container.encode(field.value, forKey: field.name) }
  }
}

/// An optional that is encoded as null where there is no value, instead of being left out.
@propertyWrapper
struct Nullable<Value: Encodable>: Encodable {
  var wrappedValue: Value?

  init(wrappedValue: Value?) { self.wrappedValue = wrappedValue }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    if let wrappedValue { try container.encode(wrappedValue) } else { try container.encodeNil() }
  }
}

extension Console {
  /// Writes one JSON object on one line, keys in snake case and in alphabetical order.
  static func write(json value: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    try write(String(decoding: try encoder.encode(value), as: UTF8.self) + "\n")
  }

  /// Writes a report in one of its two forms.
  static func write(
    _ value: some Encodable, asJSON isJSON: Bool, lines: @autoclosure () -> [String]
  ) throws {
    if isJSON { return try write(json: value) }
    try write(lines().joined(separator: "\n") + "\n")
  }
}
