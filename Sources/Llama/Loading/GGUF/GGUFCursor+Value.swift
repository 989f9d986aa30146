extension GGUFCursor {
  /// Reads the value of the metadata key `key`: a type number, then a value of that type.
  mutating func value(of key: String) throws(GGUFError) -> GGUFValue {
    let part = "the value of the metadata key \(key)"
    switch try valueType(of: key) {
    case .uint8: return .unsigned(UInt64(try integer(UInt8.self, of: part)))
    case .uint16: return .unsigned(UInt64(try integer(UInt16.self, of: part)))
    case .uint32: return .unsigned(UInt64(try integer(UInt32.self, of: part)))
    case .uint64: return .unsigned(try integer(UInt64.self, of: part))
    case .int8: return .signed(Int64(try integer(Int8.self, of: part)))
    case .int16: return .signed(Int64(try integer(Int16.self, of: part)))
    case .int32: return .signed(Int64(try integer(Int32.self, of: part)))
    case .int64: return .signed(try integer(Int64.self, of: part))
    case .float32:
      return .real(Double(Float(bitPattern: try integer(UInt32.self, of: part))))
    case .float64: return .real(Double(bitPattern: try integer(UInt64.self, of: part)))
    case .bool: return .bool(try bool(try integer(UInt8.self, of: part), key))
    case .string: return .text(try text(of: part))
    case .array: return try array(of: key, depth: 1)
    }
  }

  /// Reads an array: its elements' type number, their count, and the elements.
  private mutating func array(of key: String, depth: Int) throws(GGUFError) -> GGUFValue {
    guard depth <= GGUFValue.nestingLimit else {
      throw .nestedTooDeeply(path: file.path, key: key, limit: GGUFValue.nestingLimit)
    }
    let type = try valueType(of: key)
    let count = try elementCount(of: key, minimumSize: type.minimumSize)
    let part = "an element of the metadata key \(key)"
    switch type {
    case .uint8:
      return .unsignedArray(try integers(UInt8.self, count: count, of: part).map { UInt64($0) })
    case .uint16:
      return .unsignedArray(try integers(UInt16.self, count: count, of: part).map { UInt64($0) })
    case .uint32:
      return .unsignedArray(try integers(UInt32.self, count: count, of: part).map { UInt64($0) })
    case .uint64: return .unsignedArray(try integers(UInt64.self, count: count, of: part))
    case .int8:
      return .signedArray(try integers(Int8.self, count: count, of: part).map { Int64($0) })
    case .int16:
      return .signedArray(try integers(Int16.self, count: count, of: part).map { Int64($0) })
    case .int32:
      return .signedArray(try integers(Int32.self, count: count, of: part).map { Int64($0) })
    case .int64: return .signedArray(try integers(Int64.self, count: count, of: part))
    case .float32:
      let bits = try integers(UInt32.self, count: count, of: part)
      return .realArray(bits.map { Double(Float(bitPattern: $0)) })
    case .float64:
      return .realArray(
        try integers(UInt64.self, count: count, of: part).map { Double(bitPattern: $0) })
    case .bool:
      var bools: [Bool] = []
      for byte in try integers(UInt8.self, count: count, of: part) {
        bools.append(try bool(byte, key))
      }
      return .boolArray(bools)
    case .string:
      var texts: [String] = []
      texts.reserveCapacity(count)
      for _ in 0..<count { texts.append(try text(of: part)) }
      return .textArray(texts)
    case .array:
      var arrays: [GGUFValue] = []
      for _ in 0..<count { arrays.append(try array(of: key, depth: depth + 1)) }
      return .arrayArray(arrays)
    }
  }

  private mutating func valueType(of key: String) throws(GGUFError) -> GGUFValueType {
    let number = try integer(UInt32.self, of: "the type of the metadata key \(key)")
    guard let type = GGUFValueType(rawValue: number) else {
      throw .unknownValueType(path: file.path, key: key, found: number)
    }
    return type
  }

  private func bool(_ byte: UInt8, _ key: String) throws(GGUFError) -> Bool {
    guard byte <= 1 else { throw .invalidBool(path: file.path, key: key, found: byte) }
    return byte == 1
  }
}
