import Tensor

@testable import Llama

/// A safetensors file: the header, and a few rows of every tensor of a format that is decoded.
enum SafetensorsTarget {
  private static let file = FileInMemory()
  private static let formats: [String: ElementFormat] = ["F32": .f32, "F16": .f16, "BF16": .bf16]

  static func read(_ input: [UInt8]) throws {
    let file = try file.opened(input)
    for entry in try SafetensorsFile(file).tensors where (1...2).contains(entry.shape.count) {
      guard let format = formats[entry.elementType] else { continue }
      StoredTensor(
        name: entry.name, storedName: entry.name, shape: entry.shape, format: format, file: file,
        byteRange: entry.byteRange, rowOrder: .asStored
      ).decodeFewRows()
    }
  }
}
