import Files
import Foundation
import Tensor

/// A safetensors file's tensors, checked; their data stays unread.
///
/// The format: the header's length as a 64-bit little-endian integer, a JSON header, and the
/// tensors' data, without gaps (source: safetensors 0.8.0, README, "Format").
package struct SafetensorsFile: Sendable {
  /// One tensor.
  package struct Entry: Equatable, Sendable {
    /// The name.
    package var name: String
    /// The element type as written, such as `BF16`; it need not be one that can be decoded.
    package var elementType: String
    /// Sizes, slowest-running dimension first.
    package var shape: [Int]
    /// Where the data is, from the file's start.
    package var byteRange: Range<Int>
  }

  /// The file.
  package let file: InputFile
  /// The tensors in the order of their data.
  package let tensors: [Entry]

  /// The largest header that the format allows, in bytes.
  static let headerLimit = 100_000_000

  /// Reads and checks the header.
  package init(_ file: InputFile) throws(SafetensorsError) {
    let path = file.path
    guard let headerSize = file.integer(at: 0, as: UInt64.self) else {
      throw .headerOutsideFile(path: path, headerSize: 8, fileSize: file.count)
    }
    guard headerSize <= Self.headerLimit else {
      throw .headerTooLarge(path: path, headerSize: headerSize, limit: Self.headerLimit)
    }
    guard let json = file.bytes(at: 8, count: Int(headerSize)) else {
      throw .headerOutsideFile(path: path, headerSize: headerSize, fileSize: file.count)
    }
    let header: SafetensorsHeader
    do {
      header = try JSONDecoder().decode(SafetensorsHeader.self, from: Data(json))
    } catch {
      throw .invalidHeader(path: path, reason: JSONProblem(error).reason)
    }
    self.file = file
    tensors = try Self.checked(header, path: path, dataStart: 8 + json.count, fileSize: file.count)
  }

  private static func checked(
    _ header: SafetensorsHeader, path: String, dataStart: Int, fileSize: Int
  ) throws(SafetensorsError) -> [Entry] {
    let available = fileSize - dataStart
    var tensors: [Entry] = []
    for (name, entry) in header.entries {
      let range = try range(of: name, entry, path: path, available: available)
      tensors.append(
        Entry(name: name, elementType: entry.elementType, shape: entry.shape, byteRange: range))
    }
    tensors.sort {
      ($0.byteRange.lowerBound, $0.byteRange.upperBound, $0.name)
        < ($1.byteRange.lowerBound, $1.byteRange.upperBound, $1.name)
    }
    var end = 0
    for index in tensors.indices {
      let range = tensors[index].byteRange
      guard range.lowerBound == end else {
        throw .notContiguous(
          path: path, tensor: tensors[index].name, expected: end, found: range.lowerBound)
      }
      end = range.upperBound
      tensors[index].byteRange = (dataStart + range.lowerBound)..<(dataStart + range.upperBound)
    }
    guard end == available else { throw .trailingBytes(path: path, count: available - end) }
    return tensors
  }

  /// The tensor's range within the data, checked against its shape.
  private static func range(
    of name: String, _ entry: SafetensorsHeader.Entry, path: String, available: Int
  ) throws(SafetensorsError) -> Range<Int> {
    let offsets = entry.offsets
    guard offsets.count == 2, 0 <= offsets[0], offsets[0] <= offsets[1], offsets[1] <= available
    else {
      throw .tensorOutsideFile(path: path, tensor: name, offsets: offsets, available: available)
    }
    let range = offsets[0]..<offsets[1]
    var elements = 1
    for size in entry.shape {
      let (product, overflow) = elements.multipliedReportingOverflow(by: size)
      guard size >= 0, !overflow else {
        throw .invalidShape(path: path, tensor: name, found: entry.shape)
      }
      elements = product
    }
    // The size of a type that is not known cannot be checked; its tensor is refused if it is used.
    guard let elementSize = SafetensorsHeader.elementSize(entry.elementType) else { return range }
    let (expected, overflow) = elements.multipliedReportingOverflow(by: elementSize)
    // A tensor without rows has rows of some size all the same.
    let rowOverflow = (entry.shape.last ?? 1).multipliedReportingOverflow(by: elementSize).overflow
    guard !overflow, !rowOverflow else {
      throw .invalidShape(path: path, tensor: name, found: entry.shape)
    }
    guard expected == range.count else {
      throw .wrongSize(path: path, tensor: name, expected: expected, found: range.count)
    }
    return range
  }
}
