import Llama
import TestSupport
import Testing

/// A damaged file gives an error or a model, and never ends the process.
struct GGUFCorruptionTests {
  private let folder: TemporaryFolder
  private let bytes = MinimalCheckpoint.gguf().bytes()

  init() throws { folder = try TemporaryFolder() }

  /// Opens the bytes as a file and decodes all that is in it; returns whether that succeeded.
  private func opens(_ bytes: [UInt8]) throws -> Bool {
    let path = try folder.write(bytes, to: "model.gguf")
    do {
      let checkpoint = try Checkpoint.open(path)
      for tensor in checkpoint.tensors.values { #expect(tensor.decodeAll().count == tensor.count) }
      return true
    } catch {
      #expect("\(error)".hasSuffix("."), "\(error)")
      return false
    }
  }

  @Test func `the undamaged file opens`() throws {
    #expect(try opens(bytes))
  }

  @Test func `the file cut short anywhere is refused`() throws {
    // The last tensor's padding may be missing.
    let end = bytes.count - 16
    for count in 0..<end { #expect(try !opens(Array(bytes.prefix(count))), "\(count) bytes") }
  }

  @Test(arguments: [1, 2])
  func `any byte may be anything`(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    for index in bytes.indices {
      var damaged = bytes
      damaged[index] = .random(in: .min ... .max, using: &generator)
      _ = try opens(damaged)
    }
  }

  @Test(arguments: [0xFF, 0x80, 0x7F] as [UInt8])
  func `any eight bytes may be extreme`(byte: UInt8) throws {
    for index in stride(from: 0, to: bytes.count - 8, by: 3) {
      var damaged = bytes
      for offset in 0..<8 { damaged[index + offset] = byte }
      _ = try opens(damaged)
    }
  }
}
