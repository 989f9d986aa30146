import Llama
import TestSupport
import Testing

/// A damaged file gives an error or a model, and never ends the process.
struct SafetensorsCorruptionTests {
  private let folder: TemporaryFolder
  private let bytes = MinimalCheckpoint.safetensors().bytes()

  init() throws {
    folder = try TemporaryFolder()
    try MinimalCheckpoint.writeHuggingFace(to: folder)
  }

  /// Opens the folder with these bytes as its tensors and decodes them; returns whether that
  /// succeeded.
  private func opens(_ bytes: [UInt8], as name: String = "model.safetensors") throws -> Bool {
    try folder.write(bytes, to: name)
    do {
      let checkpoint = try Checkpoint.open(folder.path)
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
    for count in bytes.indices { #expect(try !opens(Array(bytes.prefix(count))), "\(count) bytes") }
  }

  @Test(arguments: [3, 4])
  func `any byte may be anything`(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    for index in bytes.indices {
      var damaged = bytes
      damaged[index] = .random(in: .min ... .max, using: &generator)
      _ = try opens(damaged)
    }
  }

  @Test(arguments: [5, 6])
  func `any digit of config.json may be any other`(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let config = Array(MinimalCheckpoint.json(MinimalCheckpoint.config).utf8)
    for index in config.indices {
      var damaged = config
      damaged[index] = Array("0123456789-.e[]{}\",n".utf8).randomElement(using: &generator) ?? 0
      _ = try opens(damaged, as: "config.json")
    }
  }
}
