import Files
import Tensor

/// One entry of a GGUF file's tensor directory, checked against the file.
struct GGUFTensorEntry: Equatable, Sendable {
  /// The name in the file, such as `blk.0.attn_q.weight`.
  var name: String
  /// Sizes with the slowest-running dimension first, `[rows, columns]`: the reverse of the file's.
  var shape: [Int]
  /// How the elements are stored.
  var format: ElementFormat
  /// Where the elements are stored, from the file's start.
  var byteRange: Range<Int>
}

/// An entry as it stands in the directory, before it is checked.
struct GGUFRawTensorEntry {
  /// The most dimensions a tensor may have.
  static let dimensionLimit = 4
  /// The fewest bytes an entry takes: name length, dimension count, type, offset.
  static let minimumSize = 8 + 4 + 4 + 8

  var name: String
  /// Sizes with the fastest-running dimension first.
  var dimensions: [UInt64]
  var type: UInt32
  /// From the start of the tensor data.
  var offset: UInt64

  init(from cursor: inout GGUFCursor) throws(GGUFError) {
    let name = try cursor.text(of: "the name of a tensor")
    let count = try cursor.integer(UInt32.self, of: "the dimensions of the tensor \(name)")
    guard count <= Self.dimensionLimit else {
      throw .tooManyDimensions(
        path: cursor.file.path, tensor: name, found: count, limit: Self.dimensionLimit)
    }
    self.name = name
    dimensions = try cursor.integers(
      UInt64.self, count: Int(count), of: "the dimensions of the tensor \(name)")
    type = try cursor.integer(of: "the type of the tensor \(name)")
    offset = try cursor.integer(of: "the offset of the tensor \(name)")
  }

  /// The entry with its shape, format and place checked.
  ///
  /// - Parameters:
  ///   - dataStart: where the file's tensor data begins, at most `file.count`.
  ///   - alignment: what every offset is a multiple of.
  func checked(
    in file: InputFile, dataStart: Int, alignment: Int
  ) throws(GGUFError) -> GGUFTensorEntry {
    let path = file.path
    guard let format = ElementFormat(ggufType: type) else {
      let found = ElementFormat.unsupportedGGUFTypeName(type)
      throw .unsupportedTensorType(path: path, tensor: name, found: found)
    }
    var shape: [Int] = []
    var elements = 1
    for dimension in dimensions.reversed() {
      guard let size = Int(exactly: dimension) else { throw shapeTooLarge(path) }
      let (product, overflow) = elements.multipliedReportingOverflow(by: size)
      guard !overflow else { throw shapeTooLarge(path) }
      shape.append(size)
      elements = product
    }
    let columns = shape.last ?? 1
    guard columns.isMultiple(of: format.elementsPerBlock) else {
      throw .partialBlock(
        path: path, tensor: name, columns: columns, format: format.name,
        block: format.elementsPerBlock)
    }
    // A tensor without rows has rows of some size all the same.
    guard let byteCount = format.byteCount(elements: elements),
      format.byteCount(elements: columns) != nil
    else { throw shapeTooLarge(path) }
    guard offset.isMultiple(of: UInt64(alignment)) else {
      throw .misalignedTensor(path: path, tensor: name, offset: offset, alignment: alignment)
    }
    let available = file.count - dataStart
    guard let start = Int(exactly: offset), start <= available, byteCount <= available - start
    else {
      throw .tensorOutsideFile(
        path: path, tensor: name, offset: offset, byteCount: byteCount, available: available)
    }
    let first = dataStart + start
    return GGUFTensorEntry(
      name: name, shape: shape, format: format, byteRange: first..<(first + byteCount))
  }

  private func shapeTooLarge(_ path: String) -> GGUFError {
    .shapeTooLarge(path: path, tensor: name, found: dimensions)
  }
}
