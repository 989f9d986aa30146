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

  /// The value or its kind, for errors.
  fileprivate var kind: String {
    switch self {
    case .null: "null"
    case .bool(let flag): "\(flag)"
    case .integer(let number): "\(number)"
    case .number(let number): "\(number)"
    case .string(let bytes): OneLine.quoted(String(decoding: bytes, as: UTF8.self))
    case .array(let values): "an array of \(values.count) elements"
    case .object: "an object"
    }
  }
}

package struct JSONMember: Equatable {
  /// UTF-8.
  package var key: [UInt8]
  package var value: JSONValue
}

/// A value of a JSON file with its place there, so that errors can name both.
package struct JSONNode {
  package var value: JSONValue
  package var path: String
  /// The way to it from the top, such as `model.vocab`; empty for the top.
  package var field: String

  package func error(_ problem: FileError.Problem) -> FileError {
    FileError(path, field.isEmpty ? "the top-level value" : "the field \(field)", problem)
  }

  /// The error that this value is not what it must be.
  package func wrongType(_ expected: String) -> FileError {
    error(.invalid(expected: expected, found: value.kind))
  }

  /// The member `key`, or nil if it is absent or null.
  ///
  /// - Throws: `FileError` if this is not an object or holds `key` twice.
  package func optional(_ key: String) throws(FileError) -> JSONNode? {
    let wanted = Array(key.utf8)
    var found: JSONNode?
    for member in try members() where member.key == wanted {
      let node = child(key, member.value)
      if found != nil { throw node.error(.duplicate) }
      found = node
    }
    return found?.value == .null ? nil : found
  }

  /// The member `key`.
  ///
  /// - Throws: `FileError` if it is absent or null, or not unique.
  package func required(_ key: String) throws(FileError) -> JSONNode {
    guard let node = try optional(key) else { throw child(key, .null).error(.missing) }
    return node
  }

  package func child(_ key: String, _ value: JSONValue) -> JSONNode {
    JSONNode(value: value, path: path, field: field.isEmpty ? key : "\(field).\(key)")
  }

  /// The elements of an array, lazily: all nodes of a long array together take ten times as much
  /// memory as its text.
  package func elements() throws(FileError) -> LazyMapCollection<Range<Int>, JSONNode> {
    guard case .array(let values) = value else { throw wrongType("an array") }
    return values.indices.lazy.map { [path, field] index in
      JSONNode(value: values[index], path: path, field: "\(field)[\(index)]")
    }
  }

  package func members() throws(FileError) -> [JSONMember] {
    guard case .object(let members) = value else { throw wrongType("an object") }
    return members
  }

  /// A string's UTF-8.
  package func bytes() throws(FileError) -> [UInt8] {
    guard case .string(let bytes) = value else { throw wrongType("a string") }
    return bytes
  }

  package func string() throws(FileError) -> String {
    String(decoding: try bytes(), as: UTF8.self)
  }

  package func integer() throws(FileError) -> Int {
    guard case .integer(let number) = value else { throw wrongType("an integer") }
    return number
  }

  package func bool() throws(FileError) -> Bool {
    guard case .bool(let flag) = value else { throw wrongType("true or false") }
    return flag
  }

  /// A finite number.
  package func number() throws(FileError) -> Double {
    switch value {
    case .integer(let number): return Double(number)
    case .number(let number) where number.isFinite: return number
    default: throw wrongType("a number")
    }
  }

  /// An integer, which may be written with a point or an exponent.
  package func wholeNumber() throws(FileError) -> Int {
    if case .number(let number) = value, let integer = Int(exactly: number) { return integer }
    return try integer()
  }

  package func strings() throws(FileError) -> [String] {
    try elements().map { element throws(FileError) in try element.string() }
  }

  package func numbers() throws(FileError) -> [Double] {
    try elements().map { element throws(FileError) in try element.number() }
  }

  package func integers() throws(FileError) -> [Int] {
    var integers: [Int] = []
    for element in try elements() { integers.append(try element.wholeNumber()) }
    return integers
  }
}
