import Files

/// The metadata of a GGUF file, by key, read with the type that is expected: each function returns
/// nil if the key is absent.
struct GGUFMetadata: Equatable, Sendable {
  let path: String
  let values: [String: GGUFValue]

  /// Tensor data, and every tensor in it, starts at a multiple of this many bytes.
  func alignment() throws(FileError) -> Int {
    let key = "general.alignment"
    // An alignment of another type than the format says is as wrong as an odd one.
    guard let value = values[key] else { return 32 }
    guard !value.isArray, case .unsigned(let numbers) = value.elements,
      let alignment = Int(exactly: numbers[0]), alignment > 0, alignment & (alignment - 1) == 0
    else { throw invalid(key, "a power of two", found: value.shortDescription) }
    return alignment
  }

  func integer(_ key: String) throws(FileError) -> Int? {
    try integers(key, isArray: false)?.first
  }

  func integers(_ key: String, isArray: Bool = true) throws(FileError) -> [Int]? {
    let wide: [Int?]? = try read(key, "an integer", isArray: isArray) { elements in
      switch elements {
      case .unsigned(let values): values.map { Int(exactly: $0) }
      case .signed(let values): values.map { Int($0) }
      default: nil
      }
    }
    guard let wide else { return nil }
    let integers = wide.compactMap(\.self)
    guard integers.count == wide.count else {
      throw invalid(key, "an integer of 64 bits with a sign", found: "a larger one")
    }
    return integers
  }

  func number(_ key: String) throws(FileError) -> Double? {
    try numbers(key, isArray: false)?.first
  }

  func numbers(_ key: String, isArray: Bool = true) throws(FileError) -> [Double]? {
    try read(key, "a number", isArray: isArray) { elements in
      switch elements {
      case .real(let values): values
      case .unsigned(let values): values.map { Double($0) }
      case .signed(let values): values.map { Double($0) }
      default: nil
      }
    }
  }

  func bool(_ key: String) throws(FileError) -> Bool? {
    try read(key, "a Boolean") { if case .bool(let values) = $0 { values } else { nil } }?.first
  }

  func text(_ key: String) throws(FileError) -> String? {
    try texts(key, isArray: false)?.first
  }

  func texts(_ key: String, isArray: Bool = true) throws(FileError) -> [String]? {
    try read(key, "a text", isArray: isArray) {
      if case .text(let values) = $0 { values } else { nil }
    }
  }

  /// The value that an accessor found.
  /// - Throws: `FileError` if there is none.
  func required<Value>(_ key: String, _ value: Value?) throws(FileError) -> Value {
    guard let value else { throw FileError(path, "the key \(key)", .missing) }
    return value
  }

  private func read<Value>(
    _ key: String, _ expected: String, isArray: Bool = false,
    _ convert: (GGUFValue.Elements) -> [Value]?
  ) throws(FileError) -> [Value]? {
    guard let value = values[key] else { return nil }
    if value.isArray == isArray, let converted = convert(value.elements) { return converted }
    throw invalid(key, isArray ? "an array, each \(expected)" : expected, found: value.kind)
  }

  private func invalid(_ key: String, _ expected: String, found: String) -> FileError {
    FileError(path, "the key \(key)", .invalid(expected: expected, found: found))
  }
}
