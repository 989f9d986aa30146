import Foundation
import Oracle
import TestSupport

/// Tensors of a pass that no model computed, by a seed: a few layers of hidden states and logits,
/// with noise as another arithmetic would make it.
struct SyntheticPass {
  /// Blocks.
  static let layerCount = 6
  /// Rows of the pass.
  static let rowCount = 5
  /// Features of a hidden state, and tokens of the vocabulary.
  static let columnCount = 96

  /// The tensors by name, row after row.
  var tensors: [(name: String, values: [Double])] = []

  /// The true values.
  init(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    for name in (0...Self.layerCount).map({ "hidden.\($0)" }) + ["logits"] {
      let values = (0..<Self.rowCount * Self.columnCount).map { index in
        // One feature is huge, as real models have them.
        Double(Float.random(in: -4...4, using: &generator)) * (index % 96 == 50 ? 5_000 : 1)
      }
      tensors.append((name, values))
    }
  }

  /// The pass with noise of so many ulps at most of a format with so many significant bits.
  func withNoise(ulps: Double, significandBits: Int, seed: UInt64) -> SyntheticPass {
    var generator = SeededGenerator(seed: seed)
    var copy = self
    for index in copy.tensors.indices where copy.tensors[index].name != "hidden.0" {
      copy.tensors[index].values = copy.tensors[index].values.map { value in
        let magnitude = max(value.magnitude, 2)
        let ulp = Double(
          sign: .plus, exponent: magnitude.exponent - significandBits + 1, significand: 1)
        return value + ulp * Double.random(in: -ulps...ulps, using: &generator)
      }
    }
    return copy
  }

  /// Adds to one value.
  mutating func add(_ amount: Double, to name: String, row: Int, column: Int) {
    for index in tensors.indices where tensors[index].name == name {
      tensors[index].values[row * Self.columnCount + column] += amount
    }
  }

  /// As a safetensors file.
  func bytes(as number: StoredNumber = .f64) -> [UInt8] {
    SafetensorsWriter(
      tensors.map { name, values in
        SafetensorsWriter.Tensor(
          name, elementType: number.rawValue, shape: [Self.rowCount, Self.columnCount],
          bytes: values.flatMap { number.bytes(of: $0) })
      }
    ).bytes()
  }
}

extension StoredNumber {
  /// A value as it is stored; cut off, not rounded, for BF16.
  func bytes(of value: Double) -> [UInt8] {
    switch self {
    case .f64: [UInt8](littleEndian: value.bitPattern)
    case .f32: [UInt8](littleEndian: Float(value).bitPattern)
    case .f16: [UInt8](littleEndian: Float16(value).bitPattern)
    case .bf16: [UInt8](littleEndian: UInt16(truncatingIfNeeded: Float(value).bitPattern >> 16))
    }
  }
}

/// The bytes of a NumPy array.
func numPyBytes(
  header: String, version: (UInt8, UInt8) = (1, 0), data: [UInt8]
) -> [UInt8] {
  let length =
    version.0 == 1
    ? [UInt8](littleEndian: UInt16(header.utf8.count))
    : [UInt8](littleEndian: UInt32(header.utf8.count))
  return [0x93] + Array("NUMPY".utf8) + [version.0, version.1] + length + Array(header.utf8) + data
}

/// The bytes of a file as llama.cpp's perplexity tool writes it.
func llamaCppBytes(
  contextLength: Int32, vocabularySize: Int32, chunks: Int32, tokens: [Int32],
  rows: [(step: Float, smallest: Float, codes: [UInt16])]
) -> [UInt8] {
  var bytes = Array("_logits_".utf8)
  for count in [contextLength, vocabularySize, chunks] + tokens {
    bytes.append(littleEndian: count)
  }
  for row in rows {
    bytes.append(littleEndian: row.step)
    bytes.append(littleEndian: row.smallest)
    for code in row.codes { bytes.append(littleEndian: code) }
    if !row.codes.count.isMultiple(of: 2) { bytes.append(littleEndian: UInt16(0)) }
  }
  return bytes
}
