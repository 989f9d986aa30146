import Foundation

/// A JSON text, every value as written.
public enum JSONTree: Equatable, Decodable, Sendable {
  case null
  case bool(Bool)
  case number(Double)
  case string(String)
  case array([JSONTree])
  case object([String: JSONTree])

  /// Reads a value of any type.
  public init(from decoder: any Decoder) throws {
    let value = try decoder.singleValueContainer()
    if value.decodeNil() {
      self = .null
    } else if let bool = try? value.decode(Bool.self) {
      self = .bool(bool)
    } else if let number = try? value.decode(Double.self) {
      self = .number(number)
    } else if let string = try? value.decode(String.self) {
      self = .string(string)
    } else if let array = try? value.decode([JSONTree].self) {
      self = .array(array)
    } else {
      self = .object(try value.decode([String: JSONTree].self))
    }
  }

  /// Reads a file.
  public init(path: String) throws {
    let data = try Data(contentsOf: URL(fileURLWithPath: path))
    self = try JSONDecoder().decode(JSONTree.self, from: data)
  }

  var members: [String: JSONTree] { if case .object(let members) = self { members } else { [:] } }
  func isKey(of object: JSONTree) -> Bool {
    if case .string(let name) = self { object.members[name] != nil } else { false }
  }

  var elements: [JSONTree] { if case .array(let elements) = self { elements } else { [] } }
}

/// A JSON Schema (2020-12), as far as this project's schemas use it; a keyword that is not known here
/// is a complaint like any other.
public struct JSONSchema {
  private let root: JSONTree

  /// Reads a schema.
  public init(path: String) throws { root = try JSONTree(path: path) }

  /// What is wrong with a value, each complaint with the way to it; none if it is valid.
  public func complaints(about value: JSONTree) -> [String] { check(value, root, at: "$") }

  /// The names of all properties that it speaks of.
  public var propertyNames: Set<String> { names(in: root) }

  private func names(in schema: JSONTree) -> Set<String> {
    let own = schema.members["properties"]?.members.keys.map { String($0) } ?? []
    return (Array(schema.members.values) + schema.elements).reduce(into: Set(own)) {
      $0.formUnion(names(in: $1))
    }
  }

  private func check(_ value: JSONTree, _ schema: JSONTree, at path: String) -> [String] {
    schema.members.sorted { $0.key < $1.key }.flatMap { keyword, rule in
      check(value, keyword, rule, schema, at: path)
    }
  }

  private func check(
    _ value: JSONTree, _ keyword: String, _ rule: JSONTree, _ schema: JSONTree, at path: String
  ) -> [String] {
    func demand(_ holds: Bool) -> [String] { holds ? [] : ["\(path) against \(keyword) \(rule)"] }
    switch (keyword, rule) {
    case ("$schema", _), ("$defs", _), ("title", _), ("description", _):
      return []
    case ("$ref", .string(let reference)):
      let name = reference.replacingOccurrences(of: "#/$defs/", with: "")
      guard let target = root.members["$defs"]?.members[name] else {
        return ["\(path): no definition \(reference)"]
      }
      return check(value, target, at: path)
    case ("type", .string(let type)):
      return demand(isOf(type, value))
    case ("const", _):
      return demand(value == rule)
    case ("enum", .array(let values)):
      return demand(values.contains(value))
    case ("minimum", .number(let bound)):
      if case .number(let number) = value { return demand(number >= bound) }
    case ("maximum", .number(let bound)):
      if case .number(let number) = value { return demand(number <= bound) }
    case ("pattern", .string(let pattern)):
      if case .string(let text) = value {
        return demand(text.range(of: pattern, options: .regularExpression) != nil)
      }
    case ("minItems", .number(let bound)):
      if case .array(let elements) = value { return demand(Double(elements.count) >= bound) }
    case ("maxItems", .number(let bound)):
      if case .array(let elements) = value { return demand(Double(elements.count) <= bound) }
    case ("items", _):
      return value.elements.enumerated().flatMap { check($1, rule, at: "\(path)[\($0)]") }
    case ("required", .array(let names)):
      return demand(names.allSatisfy { $0.isKey(of: value) })
    case ("properties", .object(let properties)):
      return value.members.sorted { $0.key < $1.key }.flatMap { name, member in
        properties[name].map { check(member, $0, at: "\(path).\(name)") } ?? []
      }
    case ("additionalProperties", .bool(false)):
      let known = schema.members["properties"]?.members ?? [:]
      return value.members.keys.sorted().filter { known[$0] == nil }.map {
        "\(path): unknown \($0)"
      }
    case ("oneOf", .array(let choices)):
      let found = choices.map { check(value, $0, at: path) }
      return found.filter(\.isEmpty).count == 1 ? [] : ["\(path) against oneOf: \(found)"]
    default:
      return ["the schema has \(keyword) \(rule), which is not known here"]
    }
    return []
  }

  private func isOf(_ type: String, _ value: JSONTree) -> Bool {
    switch (type, value) {
    case ("object", .object), ("array", .array), ("string", .string), ("boolean", .bool),
      ("number", .number):
      true
    case ("integer", .number(let number)): number == number.rounded()
    default: false
    }
  }
}
