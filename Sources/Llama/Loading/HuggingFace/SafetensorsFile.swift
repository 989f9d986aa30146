import Files
import Tensor

/// A safetensors file's tensors, checked; their data stays unread.
///
/// The format: the header's length as a 64-bit little-endian integer, a JSON header, and the
/// tensors' data, without gaps. The header is an object with a member for each tensor, and one,
/// `__metadata__`, with free texts that are not read here (source: safetensors 0.8.0, README,
/// "Format").
package struct SafetensorsFile: Sendable {
  package let file: InputFile
  /// The tensors in the order of their data.
  package let tensors: [ListedTensor]

  /// The largest header that the format allows, in bytes.
  static let headerLimit = 100_000_000

  package init(_ file: InputFile) throws(FileError) {
    let headerSize = file.integer(at: 0, as: UInt64.self) ?? 0
    guard headerSize <= Self.headerLimit else {
      throw FileError(
        file.path, "the header",
        .invalid(expected: "at most \(Self.headerLimit) bytes", found: "\(headerSize) bytes"))
    }
    guard let json = file.bytes(at: 8, count: Int(headerSize)) else {
      throw FileError(
        file.path, "the header",
        .malformed(reason: "ends at byte \(8 + headerSize), but the file has \(file.count) bytes"))
    }
    let header = try JSONParser.parse(json, path: file.path)
    self.file = file
    tensors = try Self.tensors(header, dataStart: 8 + json.count, file: file)
  }

  private static func tensors(
    _ header: JSONNode, dataStart: Int, file: InputFile
  ) throws(FileError) -> [ListedTensor] {
    let available = file.count - dataStart
    var tensors: [ListedTensor] = []
    var names: Set<[UInt8]> = []
    for member in try header.members() {
      let name = String(decoding: member.key, as: UTF8.self)
      if name == "__metadata__" { continue }
      guard names.insert(member.key).inserted else {
        throw FileError(header.path, "the tensor \(name)", .duplicate)
      }
      let node = header.child(name, member.value)
      tensors.append(try ListedTensor(node, name: name, file: file, available: available))
    }
    tensors.sort {
      ($0.byteRange.lowerBound, $0.byteRange.upperBound, $0.name)
        < ($1.byteRange.lowerBound, $1.byteRange.upperBound, $1.name)
    }
    var end = 0
    for index in tensors.indices {
      let range = tensors[index].byteRange
      guard range.lowerBound == end else {
        throw FileError(
          header.path, "the offset of the tensor \(tensors[index].name)",
          .invalid(
            expected: "\(end), where the tensor before it ends", found: "\(range.lowerBound)"))
      }
      end = range.upperBound
      tensors[index].byteRange = (dataStart + range.lowerBound)..<(dataStart + range.upperBound)
    }
    guard end == available else {
      throw FileError(
        header.path, nil, .malformed(reason: "has \(available - end) bytes after its last tensor"))
    }
    return tensors
  }
}

extension ListedTensor {
  /// What the header says of one tensor, its range counted from the start of the tensor data.
  fileprivate init(
    _ node: JSONNode, name: String, file: InputFile, available: Int
  ) throws(FileError) {
    self.name = name
    self.file = file
    let elementType = try node.required("dtype").string()
    self.elementType = elementType
    format = [.f32, .f16, .bf16].first { $0.name == elementType }
    shape = try node.required("shape").integers()
    let offsets = try node.required("data_offsets").integers()
    guard offsets.count == 2, 0 <= offsets[0], offsets[0] <= offsets[1], offsets[1] <= available
    else {
      throw FileError(
        node.path, "data_offsets of the tensor \(name)",
        .invalid(
          expected: "a range within the \(available) bytes of tensor data", found: "\(offsets)"))
    }
    byteRange = offsets[0]..<offsets[1]

    // The size of a type that is not known cannot be checked; its tensor is refused if it is used.
    let elementSize = Self.elementSize(elementType)
    // A tensor without rows has rows of some size all the same.
    guard let size = (shape + [elementSize ?? 1]).countedProduct,
      (shape.suffix(1) + [elementSize ?? 1]).countedProduct != nil
    else {
      throw FileError(
        node.path, "the shape of the tensor \(name)",
        .invalid(expected: "sizes that can be counted", found: "\(shape)"))
    }
    guard elementSize == nil || size == byteRange.count else {
      throw FileError(
        node.path, "the size of the tensor \(name)",
        .invalid(
          expected: "\(size) bytes, by its shape and type", found: "\(byteRange.count) bytes"))
    }
  }

  /// Bytes of one element, or nil for a type that is not known here
  /// (names: safetensors 0.8.0, `Dtype`).
  private static func elementSize(_ type: String) -> Int? {
    switch type {
    case "BOOL", "U8", "I8", "F8_E5M2", "F8_E4M3", "F8_E8M0": 1
    case "U16", "I16", "F16", "BF16": 2
    case "U32", "I32", "F32": 4
    case "U64", "I64", "F64", "C64": 8
    default: nil
    }
  }
}
