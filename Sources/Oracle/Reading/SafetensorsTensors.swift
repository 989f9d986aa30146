import Files
import Llama
import Tensor

/// The tensors of a safetensors file that can be compared.
enum SafetensorsTensors {
  /// Reads the header; data stays in the file.
  /// - Throws: `InputFileError`, `SafetensorsError` or `RecordingError`.
  static func read(_ path: String) throws -> [RecordedTensor] {
    try read(InputFile(path: path))
  }

  /// Reads the header of an open file; data stays in the file.
  static func read(_ file: InputFile) throws -> [RecordedTensor] {
    let header = try SafetensorsFile(file)
    try RecordingLimits.check(
      header.tensors.count, "tensors", upTo: RecordingLimits.tensors, path: file.path)
    try checkNames(file)
    return try header.tensors.map { entry in
      guard let number = StoredNumber(rawValue: entry.elementType) else {
        return RecordedTensor(
          name: entry.name, rowCount: 0, columnCount: nil, number: .f64,
          storage: .unsupported(path: file.path, elementType: entry.elementType))
      }
      return try RecordedTensor(
        name: entry.name, shape: entry.shape, number: number, file: file,
        byteRange: entry.byteRange)
    }
  }

  /// A name that the header has twice would leave open which of the two tensors is meant.
  private static func checkNames(_ file: InputFile) throws {
    let size = file.integer(at: 0, as: UInt64.self).flatMap { Int(exactly: $0) } ?? 0
    let bytes = file.bytes(at: 8, count: size) ?? []
    let names = try RecordingError.reading(.safetensors) { () throws(FileError) in
      try JSONParser.parse(bytes, path: file.path).members().map(\.key)
    }
    var seen: Set<[UInt8]> = []
    for name in names where !seen.insert(name).inserted {
      throw RecordingError.malformed(
        path: file.path, kind: .safetensors,
        reason: "it has two tensors \(String(decoding: name, as: UTF8.self).shown)")
    }
  }
}
