import Files
import Tensor

/// One entry of a GGUF file's tensor directory, its place not yet checked.
struct GGUFTensorEntry {
  /// The tensor, its bytes counted from its own start.
  let tensor: ListedTensor
  /// From the start of the tensor data.
  private let offset: UInt64

  static let dimensionLimit = 4
  /// The fewest bytes an entry takes: name length, dimension count, type, offset.
  static let minimumSize = 8 + 4 + 4 + 8

  /// Reads an entry, and checks all but where its elements are.
  init(from cursor: inout GGUFCursor) throws(FileError) {
    let name = try cursor.text(of: "the name of a tensor")
    let part = "the tensor \(name)"
    let count = try cursor.integer(UInt32.self, of: part)
    guard count <= Self.dimensionLimit else {
      throw cursor.error(
        "the number of dimensions of \(part)",
        .invalid(expected: "at most \(Self.dimensionLimit)", found: "\(count)"))
    }
    let dimensions = try cursor.integers(UInt64.self, Int(count), of: part)
    let type = try cursor.integer(UInt32.self, of: part)
    offset = try cursor.integer(UInt64.self, of: part)

    guard let format = ElementFormat(ggufType: type) else {
      throw cursor.error(
        "the type of \(part)",
        .unsupported(
          found: ElementFormat.unsupportedGGUFTypeName(type),
          supported: ElementFormat.allCases.map(\.name).joined(separator: ", ")))
    }
    // `[rows, columns]`: the reverse of the file's order.
    let shape = dimensions.reversed().map { Int(clamping: $0) }
    let columns = shape.last ?? 1
    // Sizes beyond `Int` are reported as such.
    if !shape.contains(.max), !columns.isMultiple(of: format.elementsPerBlock) {
      throw cursor.error(
        "the row length of \(part)",
        .invalid(
          expected: "a multiple of \(format.elementsPerBlock), the block of \(format.name)",
          found: "\(columns)"))
    }
    // A tensor without rows has rows of some size all the same.
    guard !shape.contains(.max), let elements = shape.countedProduct,
      let byteCount = format.byteCount(elements: elements),
      format.byteCount(elements: columns) != nil
    else {
      throw cursor.error(
        "the dimensions of \(part)",
        .invalid(expected: "sizes that can be counted", found: "\(dimensions)"))
    }
    tensor = ListedTensor(
      name: name, shape: shape, elementType: format.name, format: format, file: cursor.file,
      byteRange: 0..<byteCount)
  }

  /// The tensor, its place in the file checked.
  ///
  /// - Parameters:
  ///   - dataStart: where the file's tensor data begins, at most `file.count`.
  ///   - alignment: what every offset is a multiple of.
  func placed(dataStart: Int, alignment: Int) throws(FileError) -> ListedTensor {
    let (file, byteCount) = (tensor.file, tensor.byteRange.count)
    guard offset.isMultiple(of: UInt64(alignment)) else {
      throw FileError(
        file.path, "the offset of the tensor \(tensor.name)",
        .invalid(expected: "a multiple of the alignment, \(alignment)", found: "\(offset)"))
    }
    let available = file.count - dataStart
    guard let start = Int(exactly: offset), start <= available, byteCount <= available - start
    else {
      throw FileError(
        file.path, "the tensor \(tensor.name)",
        .malformed(
          reason: "needs \(byteCount) bytes at offset \(offset) of the tensor data, which has "
            + "\(available)"))
    }
    var placed = tensor
    placed.byteRange = dataStart + start..<dataStart + start + byteCount
    return placed
  }
}

extension Sequence<Int> {
  /// The product of sizes; nil where one is negative or the product is no `Int`.
  var countedProduct: Int? {
    reduce(1) { product, size in
      guard let product, size >= 0 else { return nil }
      let (next, overflow) = product.multipliedReportingOverflow(by: size)
      return overflow ? nil : next
    }
  }
}
