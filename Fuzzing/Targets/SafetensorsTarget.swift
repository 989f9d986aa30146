@testable import Llama

/// A safetensors file: the header, and a few rows of every tensor of a format that is decoded.
enum SafetensorsTarget {
  private static let file = FileInMemory()

  static func read(_ input: [UInt8]) throws {
    let file = try file.opened(input)
    for entry in try SafetensorsFile(file).tensors where (1...2).contains(entry.shape.count) {
      guard entry.format != nil else { continue }
      try StoredTensor(entry, as: entry.name, .asStored).decodeFewRows()
    }
  }
}
