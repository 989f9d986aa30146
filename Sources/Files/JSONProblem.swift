import Foundation

/// An error of `JSONDecoder` in words that fit into a sentence.
package struct JSONProblem {
  /// The problem as part of a sentence, with the key, such as `rope_scaling.factor`.
  package let reason: String

  package init(_ error: any Error) {
    switch error as? DecodingError {
    case .keyNotFound(let missing, let context):
      reason = "the key \(Self.joined(context.codingPath + [missing])) is missing"
    case .valueNotFound(let type, let context):
      reason = Self.wrongType("null", context, type)
    case .typeMismatch(let type, let context):
      reason = Self.wrongType("a value of another type", context, type)
    default:
      reason = "the text is not well-formed JSON"
    }
  }

  private static func wrongType(
    _ found: String, _ context: DecodingError.Context, _ type: any Any.Type
  ) -> String {
    let key = joined(context.codingPath)
    return key.isEmpty
      ? "it is not \(name(of: type))" : "\(key) is \(found), where \(name(of: type)) is needed"
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
