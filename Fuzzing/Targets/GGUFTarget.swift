import Tensor

@testable import Llama

/// A GGUF file: header, metadata, directory, a few rows of every tensor; and the tokenizer.
enum GGUFTarget {
  private static let file = FileInMemory()

  static func read(_ input: [UInt8]) throws {
    let file = try file.opened(input)
    let gguf = try GGUFFile(file)
    for entry in gguf.tensors where (1...2).contains(entry.shape.count) {
      try StoredTensor(entry, as: entry.name, .asStored).decodeFewRows()
    }
    let checkpoint = try gguf.checkpoint()
    for tensor in checkpoint.tensors.values { tensor.decodeFewRows() }
    precondition(checkpoint.parameterCount == checkpoint.configuration.parameterCount)
    _ = checkpoint.formatDescription
    try checkpoint.makeTokenizer()?.tryOut()
  }

  /// The metadata alone, with no tensor and no architecture.
  static func readTokenizer(_ input: [UInt8]) throws {
    let metadata = try GGUFFile(try file.opened(input)).metadata
    guard case .gguf(let fields) = try TokenizerSource(metadata) else { return }
    try Tokenizer(gguf: fields).tryOut()
  }
}

extension StoredTensor {
  /// Decodes the first row and the last two.
  func decodeFewRows() {
    guard columns <= 1 << 16 else { return }
    guard shape.count == 2 else {
      precondition(decodeAll().count == count)
      return
    }
    for range in [0..<min(1, rows), max(0, rows - 2)..<rows] {
      precondition(decodeRows(range).count == range.count * columns)
    }
  }
}
