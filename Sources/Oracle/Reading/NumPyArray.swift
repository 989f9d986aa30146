import Files
import Foundation

/// One array in NumPy's format, its data unread.
///
/// The format: the bytes `93 4E 55 4D 50 59`, a version of two bytes, the header's length (16 bits
/// in version 1, 32 in versions 2 and 3), and the header, a Python dictionary with the element
/// type, the order of the elements and the shape; then the elements (source: NumPy 2.3,
/// `numpy.lib.format`).
struct NumPyArray {
  /// Sizes, slowest-running dimension first.
  let shape: [Int]
  let number: StoredNumber
  let byteRange: Range<Int>

  /// The bytes that every file of this kind begins with.
  static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)
  /// Headers are a line of text; NumPy itself reads no longer ones unasked.
  private static let headerLimit = 10_000

  init(_ file: InputFile) throws(FileError) {
    func malformed(_ reason: String) -> FileError {
      FileError(file.path, "the NumPy array", .malformed(reason: reason))
    }
    guard let major = file.integer(at: 6, as: UInt8.self),
      let minor = file.integer(at: 7, as: UInt8.self)
    else { throw malformed("ends before its version") }
    guard (1...3).contains(major), minor == 0 else {
      throw malformed("has the version \(major).\(minor), where 1.0, 2.0 and 3.0 are known")
    }
    let length =
      major == 1
      ? file.integer(at: 8, as: UInt16.self).map(Int.init)
      : file.integer(at: 8, as: UInt32.self).map(Int.init)
    let start = major == 1 ? 10 : 12
    guard let length, length <= Self.headerLimit, let text = file.text(at: start, count: length)
    else { throw malformed("lacks a header that is text inside the file") }
    let header = try NumPyHeader(text, path: file.path)
    guard !header.isFortranOrder else {
      throw malformed(
        "is in Fortran order, where C order is read, which numpy.ascontiguousarray makes")
    }
    let numbers: [String: StoredNumber] = ["<f8": .f64, "<f4": .f32, "<f2": .f16]
    guard let number = numbers[header.elementType] else {
      throw FileError(
        file.path, "the element type of the array",
        .unsupported(found: header.elementType.shown, supported: "<f8, <f4 and <f2"))
    }
    let bytes = header.shape.reduce(number.byteCount) { $0.times($1) }
    guard bytes == file.count - start - length else {
      throw malformed(
        "has the shape \(header.shape.shown), which \(file.count - start - length) bytes of data do "
          + "not fill")
    }
    self.number = number
    shape = header.shape
    byteRange = (start + length)..<file.count
  }

  /// The name of the tensor that the array holds: what the file is called, if that is a name of the
  /// trace format (`hidden.12.npy`), else `logits`.
  static func tensorName(path: String) -> String {
    let name = URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
    return TensorName(name)?.spelling ?? TensorName.logits.spelling
  }
}
