/// Builds the bytes of a safetensors file, right or wrong in any part, for the tests of its reader.
public struct SafetensorsWriter: Sendable {
  /// A tensor and its entry in the header.
  public struct Tensor: Sendable {
    /// The name; it must need no escapes in JSON.
    public var name: String
    /// The element type, such as `F32`.
    public var elementType: String
    /// Sizes, the slowest-running first.
    public var shape: [Int]
    /// The data.
    public var bytes: [UInt8]
    /// The offsets to write; nil for the right ones.
    public var offsets: [Int]?

    /// A tensor.
    public init(
      _ name: String, elementType: String, shape: [Int], bytes: [UInt8], offsets: [Int]? = nil
    ) {
      self.name = name
      self.elementType = elementType
      self.shape = shape
      self.bytes = bytes
      self.offsets = offsets
    }

    /// A tensor of binary32 numbers.
    public init(_ name: String, shape: [Int], values: [Float]) {
      self.init(name, elementType: "F32", shape: shape, bytes: [UInt8](littleEndian: values))
    }

    /// A tensor of bfloat16 numbers, of which the given ones have the upper half of the bits.
    public init(_ name: String, shape: [Int], bfloat16 values: [Float]) {
      let halves = values.map { UInt16($0.bitPattern >> 16) }
      self.init(
        name, elementType: "BF16", shape: shape,
        bytes: halves.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] })
    }
  }

  /// The tensors, in order.
  public var tensors: [Tensor] = []
  /// Bytes after the last tensor.
  public var trailing: [UInt8] = []
  /// The header to write; nil for the right one.
  public var header: String?
  /// The header's size to announce; nil for the right one.
  public var headerSize: UInt64?

  /// A file of these tensors.
  public init(_ tensors: [Tensor] = []) { self.tensors = tensors }

  /// The file.
  public func bytes() -> [UInt8] {
    var entries = [#""__metadata__":{"format":"pt"}"#]
    var data: [UInt8] = []
    for tensor in tensors {
      let offsets = tensor.offsets ?? [data.count, data.count + tensor.bytes.count]
      data += tensor.bytes
      entries.append(
        #""\#(tensor.name)":{"dtype":"\#(tensor.elementType)","shape":\#(tensor.shape),"#
          + #""data_offsets":\#(offsets)}"#)
    }
    let header = Array((header ?? "{\(entries.joined(separator: ","))}").utf8)
    return [UInt8](littleEndian: headerSize ?? UInt64(header.count)) + header + data + trailing
  }
}
