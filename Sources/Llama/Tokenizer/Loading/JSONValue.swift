/// A JSON document as written: object members stay in order, and strings stay bytes.
///
/// Foundation's decoders put object keys into `String`-keyed dictionaries, and Swift compares
/// strings by canonical equivalence: two tokens that spell the same character with different
/// scalars would become one. Bytes keep every token apart.
package enum JSONValue: Equatable {
  case null
  case bool(Bool)
  case integer(Int)
  case number(Double)
  case string([UInt8])
  case array([JSONValue])
  case object([JSONMember])
}

/// One `"key": value` of a JSON object.
package struct JSONMember: Equatable {
  /// The key, as UTF-8.
  package var key: [UInt8]
  /// Its value.
  package var value: JSONValue
}

/// A value of a JSON file, together with its place there, so that a complaint can name both.
package struct JSONNode {
  /// The value.
  package var value: JSONValue
  /// The file it comes from.
  package var path: String
  /// The way to it from the top, such as `model.vocab`.
  package var field: String

  /// A value at a place.
  package init(value: JSONValue, path: String, field: String) {
    (self.value, self.path, self.field) = (value, path, field)
  }

  /// The member `key`, or nothing if it is absent or null.
  ///
  /// - Throws: `TokenizerError` if this is not an object or holds `key` twice.
  package func optional(_ key: String) throws(TokenizerError) -> JSONNode? {
    guard case .object(let members) = value else { throw wrongType("an object") }
    let wanted = Array(key.utf8)
    var found: JSONNode?
    for member in members where member.key == wanted {
      let node = JSONNode(
        value: member.value, path: path, field: field.isEmpty ? key : "\(field).\(key)")
      if found != nil { throw node.wrongType("only one value") }
      found = node
    }
    if case .null? = found?.value { return nil }
    return found
  }

  /// The member `key`.
  ///
  /// - Throws: `TokenizerError` if it is absent or null.
  package func required(_ key: String) throws(TokenizerError) -> JSONNode {
    guard let node = try optional(key) else {
      throw TokenizerError.missingField(
        path: path, field: field.isEmpty ? key : "\(field).\(key)")
    }
    return node
  }

  /// The elements of an array, each made when it is asked for: all nodes of a long array together take
  /// ten times as much memory as its text.
  package func elements() throws(TokenizerError) -> LazyMapCollection<Range<Int>, JSONNode> {
    guard case .array(let values) = value else { throw wrongType("an array") }
    return values.indices.lazy.map { [path, field] index in
      JSONNode(value: values[index], path: path, field: "\(field)[\(index)]")
    }
  }

  /// More elements than any list of parts has: of a pipeline, or of the tokens around a text.
  private static let partLimit = 64

  /// The elements of an array of parts, which is short.
  func parts() throws(TokenizerError) -> [JSONNode] {
    guard case .array(let values) = value, values.count <= Self.partLimit else {
      throw wrongType("an array of at most \(Self.partLimit) elements")
    }
    return Array(try elements())
  }

  /// The members of an object, in the order of the file.
  package func members() throws(TokenizerError) -> [JSONMember] {
    guard case .object(let members) = value else { throw wrongType("an object") }
    return members
  }

  /// A string's UTF-8.
  package func bytes() throws(TokenizerError) -> [UInt8] {
    guard case .string(let bytes) = value else { throw wrongType("a string") }
    return bytes
  }

  /// A string.
  package func string() throws(TokenizerError) -> String {
    String(decoding: try bytes(), as: UTF8.self)
  }

  /// A whole number.
  package func integer() throws(TokenizerError) -> Int {
    guard case .integer(let number) = value else { throw wrongType("a whole number") }
    return number
  }

  /// True or false.
  package func bool() throws(TokenizerError) -> Bool {
    guard case .bool(let flag) = value else { throw wrongType("true or false") }
    return flag
  }

  /// The member `key` if it is there, else `fallback`, which is the format's own default.
  func bool(_ key: String, default fallback: Bool) throws(TokenizerError) -> Bool {
    try optional(key)?.bool() ?? fallback
  }

  /// The member `type`, by which the parts of a pipeline say what they are.
  func type() throws(TokenizerError) -> String {
    try required("type").string()
  }

  /// The complaint that this value is of another type than `expected`.
  package func wrongType(_ expected: String) -> TokenizerError {
    .wrongType(path: path, field: field.isEmpty ? "(top level)" : field, expected: expected)
  }

  /// The complaint that this part of the pipeline is of an unknown kind.
  func unsupported(_ component: String, _ found: String) -> TokenizerError {
    .unsupported(path: path, component: component, found: found)
  }
}
