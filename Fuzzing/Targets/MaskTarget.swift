import Llama
import Oracle

/// A mask in JSON or safetensors, for three rows after two cached tokens.
enum MaskTarget {
  private static let file = FileInMemory()

  static func read(_ input: [UInt8]) throws {
    file.write(input)
    let mask = try MaskFile.read(file.path, rows: 3, cachedCount: 2)
    for row in 0..<3 { precondition(mask.keys(seenBy: row).allSatisfy { 0..<5 ~= $0 }) }
  }
}
