/// Builds the bytes of a GGUF file, right or wrong in any part, for the tests of its reader.
public struct GGUFWriter: Sendable {
  /// A metadata value.
  public enum Value: Sendable {
    /// Type 4.
    case uint32(UInt32)
    /// Type 6.
    case float32(Float)
    /// Type 7.
    case bool(Bool)
    /// Type 8.
    case text(String)
    /// Type 9 of type 8.
    case texts([String])
    /// Type 9 of type 5.
    case int32s([Int32])
    /// Type 9 of type 6.
    case float32s([Float])
    /// Any type number, and the bytes of its value.
    case raw(type: UInt32, bytes: [UInt8])
  }

  /// A tensor and its entry in the directory.
  public struct Tensor: Sendable {
    /// The name.
    public var name: String
    /// Sizes, the fastest-running first.
    public var dimensions: [UInt64]
    /// The type number; 0 is F32.
    public var type: UInt32
    /// The data.
    public var bytes: [UInt8]
    /// The offset to write; nil for the right one.
    public var offset: UInt64?

    /// A tensor.
    public init(
      _ name: String, dimensions: [UInt64], type: UInt32, bytes: [UInt8], offset: UInt64? = nil
    ) {
      self.name = name
      self.dimensions = dimensions
      self.type = type
      self.bytes = bytes
      self.offset = offset
    }
  }

  /// The first four bytes.
  public var magic = Array("GGUF".utf8)
  /// The version.
  public var version: UInt32 = 3
  /// Alignment of tensor data; a file that differs from 32 must have it in its metadata.
  public var alignment = 32
  /// The metadata, in order.
  public var metadata: [(key: String, value: Value)] = []
  /// The tensors, in order.
  public var tensors: [Tensor] = []
  /// The number of tensors to announce; nil for the right one.
  public var tensorCount: UInt64?
  /// The number of metadata entries to announce; nil for the right one.
  public var metadataCount: UInt64?

  /// An empty file.
  public init() {}

  /// Sets the value of a key, in its place if it is there.
  public mutating func set(_ key: String, _ value: Value) {
    if let index = metadata.firstIndex(where: { $0.key == key }) {
      metadata[index].value = value
    } else {
      metadata.append((key, value))
    }
  }

  /// Removes a key.
  public mutating func remove(_ key: String) { metadata.removeAll { $0.key == key } }

  /// Removes a tensor.
  public mutating func removeTensor(_ name: String) { tensors.removeAll { $0.name == name } }

  /// The file.
  public func bytes() -> [UInt8] {
    var file = magic
    file.append(littleEndian: version)
    file.append(littleEndian: tensorCount ?? UInt64(tensors.count))
    file.append(littleEndian: metadataCount ?? UInt64(metadata.count))
    for (key, value) in metadata {
      file += Self.text(key)
      file += Self.typed(value)
    }
    var data: [UInt8] = []
    for tensor in tensors {
      file += Self.text(tensor.name)
      file.append(littleEndian: UInt32(tensor.dimensions.count))
      for size in tensor.dimensions { file.append(littleEndian: size) }
      file.append(littleEndian: tensor.type)
      file.append(littleEndian: tensor.offset ?? UInt64(data.count))
      data += tensor.bytes
      pad(&data)
    }
    pad(&file)
    return file + data
  }

  private func pad(_ bytes: inout [UInt8]) {
    while !bytes.count.isMultiple(of: alignment) { bytes.append(0) }
  }

  /// A text as the format writes it: its length, then its bytes.
  public static func text(_ text: String) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.append(littleEndian: UInt64(text.utf8.count))
    return bytes + text.utf8
  }

  private static func typed(_ value: Value) -> [UInt8] {
    var bytes: [UInt8] = []
    switch value {
    case .uint32(let value):
      bytes.append(littleEndian: UInt32(4))
      bytes.append(littleEndian: value)
    case .float32(let value):
      bytes.append(littleEndian: UInt32(6))
      bytes.append(littleEndian: value)
    case .bool(let value):
      bytes.append(littleEndian: UInt32(7))
      bytes.append(value ? 1 : 0)
    case .text(let value):
      bytes.append(littleEndian: UInt32(8))
      bytes += text(value)
    case .texts(let values): bytes = array(type: 8, values.map { text($0) })
    case .int32s(let values): bytes = array(type: 5, values.map { [UInt8](littleEndian: $0) })
    case .float32s(let values): bytes = array(type: 6, values.map { [UInt8](littleEndian: [$0]) })
    case .raw(let type, let value):
      bytes.append(littleEndian: type)
      bytes += value
    }
    return bytes
  }

  private static func array(type: UInt32, _ elements: [[UInt8]]) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.append(littleEndian: UInt32(9))
    bytes.append(littleEndian: type)
    bytes.append(littleEndian: UInt64(elements.count))
    return bytes + elements.joined()
  }
}
