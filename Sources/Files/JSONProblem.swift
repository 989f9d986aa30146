import Foundation

/// What `JSONDecoder` found wrong, in words that fit into a sentence.
package struct JSONProblem {
  /// The kinds of problem that messages tell apart.
  package enum Kind: Equatable {
    case notJSON
    case missingKey
    case wrongType(expected: String, found: String)
  }

  /// The kind.
  package let kind: Kind
  /// Where it is, such as `rope_scaling.factor`; empty for the whole text.
  package let key: String

  package init(_ error: any Error) {
    guard let error = error as? DecodingError else {
      (kind, key) = (.notJSON, "")
      return
    }
    switch error {
    case .keyNotFound(let missing, let context):
      kind = .missingKey
      key = Self.joined(context.codingPath + [missing])
    case .valueNotFound(let type, let context):
      kind = .wrongType(expected: Self.name(of: type), found: "null")
      key = Self.joined(context.codingPath)
    case .typeMismatch(let type, let context):
      kind = .wrongType(expected: Self.name(of: type), found: "a value of another type")
      key = Self.joined(context.codingPath)
    default:
      (kind, key) = (.notJSON, "")
    }
  }

  /// The problem as part of a sentence.
  package var reason: String {
    switch kind {
    case .notJSON: "the text is not well-formed JSON"
    case .missingKey: "the key \(key) is missing"
    case .wrongType(let expected, let found):
      key.isEmpty ? "it is not \(expected)" : "\(key) is \(found), where \(expected) is needed"
    }
  }

  private static func joined(_ path: [any CodingKey]) -> String {
    path.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }.joined(separator: ".")
  }

  private static func name(of type: any Any.Type) -> String {
    switch type {
    case is Int.Type: "an integer"
    case is Double.Type, is Float.Type: "a number"
    case is Bool.Type: "true or false"
    case is String.Type: "a text"
    case is [Int].Type: "a list of integers"
    case is [Any].Type: "a list"
    default: "an object"
    }
  }
}

extension KeyedDecodingContainer {
  /// As `decode`, but with an error that names the key where a number does not fit the type.
  ///
  /// `JSONDecoder` itself reports such a number (1.5 for an integer, 1e999) as malformed JSON.
  package func decodeNumber<Number: Decodable>(_ type: Number.Type, forKey key: Key) throws
    -> Number
  {
    do {
      return try decode(type, forKey: key)
    } catch let error where !error.namesItsKey {
      throw DecodingError.typeMismatch(
        type, .init(codingPath: codingPath + [key], debugDescription: "a number does not fit"))
    }
  }

  /// As `decodeNumber`, or nil if the key is absent or null.
  package func decodeNumberIfPresent<Number: Decodable>(
    _ type: Number.Type, forKey key: Key
  ) throws -> Number? {
    guard contains(key), try !decodeNil(forKey: key) else { return nil }
    return try decodeNumber(type, forKey: key)
  }
}

extension Error {
  /// Whether this is one of the decoding errors that say where they occurred.
  fileprivate var namesItsKey: Bool {
    switch self as? DecodingError {
    case .keyNotFound, .valueNotFound, .typeMismatch: true
    default: false
    }
  }
}
