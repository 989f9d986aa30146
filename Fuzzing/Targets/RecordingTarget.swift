import Files
import Foundation
import Llama
import Tensor

@testable import Oracle

/// Files with numbers that another program recorded. What can be opened is compared with itself, which
/// it must be identical to, and with a good recording.
enum RecordingTarget {
  private static let file = FileInMemory()

  static func readNumPy(_ input: [UInt8]) throws {
    try compare(NumPyArray.magic + input)
  }

  static func readLlamaCpp(_ input: [UInt8]) throws {
    try compare(LlamaCppLogits.magic + input)
  }

  static func readCompletion(_ input: [UInt8]) throws {
    try compare(input, tokenizer: Fixtures.tokenizers[0])
  }

  static func readSafetensors(_ input: [UInt8]) throws { try compare(input) }

  private static func compare(_ bytes: [UInt8], tokenizer: Tokenizer? = nil) throws {
    file.write(bytes)
    try compare(Recording.open(file.path, tokenizer: tokenizer))
  }

  /// Compares a recording with itself and with `good`.
  static func compare(_ recording: Recording) throws {
    let same: RecordingComparison
    do {
      same = try RecordingComparer.compare(recording, recording)
    } catch let error as FileError {
      guard case .unsupported = error.problem else { throw error }
      return
    }
    precondition(same.verdict == .identical && same.agrees, same.sentence)
    let other = try RecordingComparer.compare(good, recording)
    precondition(!other.sentence.isEmpty)
    do {
      let json = try JSONEncoder().encode(other)
      precondition(!json.isEmpty)
    } catch {
      preconditionFailure("\(error)")
    }
  }

  /// A safetensors file: two rows of logits over four tokens, and hidden states.
  static let goodBytes: [UInt8] = {
    let header = Array(
      #"""
      {"logits":{"dtype":"F32","shape":[2,4],"data_offsets":[0,32]},
      "hidden.0":{"dtype":"F32","shape":[2,3],"data_offsets":[32,56]}}
      """#.utf8)
    let numbers = (0..<14).flatMap { index in
      withUnsafeBytes(of: (Float(index) - 6.5).bitPattern.littleEndian) { [UInt8]($0) }
    }
    return [UInt8(header.count), 0, 0, 0, 0, 0, 0, 0] + header + numbers
  }()

  private static let good: Recording = {
    let file = FileInMemory()
    file.write(goodBytes)
    do {
      return try Recording.open(file.path)
    } catch {
      preconditionFailure("\(error)")
    }
  }()
}
