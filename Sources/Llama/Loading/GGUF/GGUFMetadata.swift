/// The metadata of a GGUF file, by key, read with the type that is expected.
struct GGUFMetadata: Equatable, Sendable {
  /// The file, for messages.
  let path: String
  /// Every value, by key.
  let values: [String: GGUFValue]

  /// Where tensor data and every tensor in it starts: at a multiple of this many bytes.
  func alignment() throws(GGUFError) -> Int {
    // An alignment of another type than the format says is as wrong as an odd one.
    switch values["general.alignment"] {
    case nil: return 32
    case .unsigned(let value):
      guard let alignment = Int(exactly: value), alignment > 0,
        alignment & (alignment - 1) == 0
      else { throw .invalidAlignment(path: path, found: "\(value)") }
      return alignment
    case .some(let other): throw .invalidAlignment(path: path, found: other.kind)
    }
  }

  /// The integer of a key, or nil if the key is absent.
  func integer(_ key: String) throws(ConfigurationError) -> Int? {
    switch values[key] {
    case nil: return nil
    case .unsigned(let value): return try fitting(Int(exactly: value), key)
    case .signed(let value): return try fitting(Int(exactly: value), key)
    case .some(let other): throw wrongType(key, expected: "an integer", other)
    }
  }

  /// The number of a key, or nil if the key is absent.
  func number(_ key: String) throws(ConfigurationError) -> Double? {
    switch values[key] {
    case nil: return nil
    case .real(let value): return value
    case .unsigned(let value): return Double(value)
    case .signed(let value): return Double(value)
    case .some(let other): throw wrongType(key, expected: "a number", other)
    }
  }

  /// The Boolean of a key, or nil if the key is absent.
  func bool(_ key: String) throws(ConfigurationError) -> Bool? {
    switch values[key] {
    case nil: return nil
    case .bool(let value): return value
    case .some(let other): throw wrongType(key, expected: "a Boolean", other)
    }
  }

  /// The text of a key, or nil if the key is absent.
  func text(_ key: String) throws(ConfigurationError) -> String? {
    switch values[key] {
    case nil: return nil
    case .text(let value): return value
    case .some(let other): throw wrongType(key, expected: "a text", other)
    }
  }

  /// The texts of a key, or nil if the key is absent.
  func texts(_ key: String) throws(ConfigurationError) -> [String]? {
    switch values[key] {
    case nil: return nil
    case .textArray(let value): return value
    case .some(let other): throw wrongType(key, expected: "an array of texts", other)
    }
  }

  /// The integers of a key, or nil if the key is absent.
  func integers(_ key: String) throws(ConfigurationError) -> [Int]? {
    switch values[key] {
    case nil: return nil
    case .signedArray(let value): return value.map { Int($0) }
    case .unsignedArray(let value):
      var integers: [Int] = []
      for element in value { integers.append(try fitting(Int(exactly: element), key)) }
      return integers
    case .some(let other): throw wrongType(key, expected: "an array of integers", other)
    }
  }

  /// The numbers of a key, or nil if the key is absent.
  func numbers(_ key: String) throws(ConfigurationError) -> [Double]? {
    switch values[key] {
    case nil: return nil
    case .realArray(let value): return value
    case .some(let other): throw wrongType(key, expected: "an array of numbers", other)
    }
  }

  /// The value that an accessor found, or an error if there is none.
  func required<Value>(_ key: String, _ value: Value?) throws(ConfigurationError) -> Value {
    guard let value else { throw .missingKey(path: path, key: key) }
    return value
  }

  private func fitting(_ value: Int?, _ key: String) throws(ConfigurationError) -> Int {
    guard let value else {
      throw .wrongType(
        path: path, key: key, expected: "an integer of 64 bits with a sign", found: "a larger one")
    }
    return value
  }

  private func wrongType(
    _ key: String, expected: String, _ found: GGUFValue
  ) -> ConfigurationError {
    .wrongType(path: path, key: key, expected: expected, found: found.kind)
  }
}
