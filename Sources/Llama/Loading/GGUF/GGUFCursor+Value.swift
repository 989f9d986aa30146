import Files

extension GGUFCursor {
  /// Reads the value of the metadata key `key`: a type number, then a value of that type.
  mutating func value(of key: String) throws(FileError) -> GGUFValue {
    let type = try valueType(of: key)
    if type == .array { return try array(of: key, depth: 1) }
    return GGUFValue(try elements(type, count: 1, of: key, depth: 0))
  }

  /// Reads an array: its elements' type number, their count, and the elements.
  private mutating func array(of key: String, depth: Int) throws(FileError) -> GGUFValue {
    guard depth <= GGUFValue.nestingLimit else {
      throw error(
        "the key \(key)",
        .malformed(reason: "nests arrays more than \(GGUFValue.nestingLimit) deep"))
    }
    let type = try valueType(of: key)
    let count = try elementCount(of: key, minimumSize: type.minimumSize)
    return GGUFValue(try elements(type, count: count, of: key, depth: depth), isArray: true)
  }

  private mutating func elements(
    _ type: GGUFValueType, count: Int, of key: String, depth: Int
  ) throws(FileError) -> GGUFValue.Elements {
    let part = "the key \(key)"
    switch type {
    case .uint8: return .unsigned(try integers(UInt8.self, count, of: part).map { UInt64($0) })
    case .uint16: return .unsigned(try integers(UInt16.self, count, of: part).map { UInt64($0) })
    case .uint32: return .unsigned(try integers(UInt32.self, count, of: part).map { UInt64($0) })
    case .uint64: return .unsigned(try integers(UInt64.self, count, of: part))
    case .int8: return .signed(try integers(Int8.self, count, of: part).map { Int64($0) })
    case .int16: return .signed(try integers(Int16.self, count, of: part).map { Int64($0) })
    case .int32: return .signed(try integers(Int32.self, count, of: part).map { Int64($0) })
    case .int64: return .signed(try integers(Int64.self, count, of: part))
    case .float32:
      return .real(
        try integers(UInt32.self, count, of: part).map { Double(Float(bitPattern: $0)) })
    case .float64:
      return .real(try integers(UInt64.self, count, of: part).map { Double(bitPattern: $0) })
    case .bool:
      let bytes = try integers(UInt8.self, count, of: part)
      if let wrong = bytes.first(where: { $0 > 1 }) {
        throw error(part, .invalid(expected: "a Boolean, 0 or 1", found: "\(wrong)"))
      }
      return .bool(bytes.map { $0 == 1 })
    case .string:
      var texts: [String] = []
      texts.reserveCapacity(count)
      for _ in 0..<count { texts.append(try text(of: part)) }
      return .text(texts)
    case .array:
      var arrays: [GGUFValue] = []
      for _ in 0..<count { arrays.append(try array(of: key, depth: depth + 1)) }
      return .array(arrays)
    }
  }

  private mutating func valueType(of key: String) throws(FileError) -> GGUFValueType {
    let number = try integer(UInt32.self, of: "the type of the key \(key)")
    guard let type = GGUFValueType(rawValue: number) else {
      throw error(
        "the type of the key \(key)",
        .invalid(expected: "in 0 ..< \(GGUFValueType.allCases.count)", found: "\(number)"))
    }
    return type
  }
}
