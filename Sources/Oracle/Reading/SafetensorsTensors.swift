import Files
import Llama

/// The tensors of a safetensors file that can be compared.
enum SafetensorsTensors {
  /// Reads the header; data stays in the file.
  /// - Throws: `InputFileError`, `FileError`.
  static func read(_ file: InputFile) throws -> [RecordedTensor] {
    let header = try SafetensorsFile(file)
    try RecordingLimit.tensors.check(header.tensors.count, "tensors", path: file.path)
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
}
