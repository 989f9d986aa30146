import Files
import Foundation
import Llama
import Tensor
import TestSupport
import Testing

struct CheckpointTests {
  @Test(arguments: ["", "GGU", "hello, world", #"{"model_type": "llama"}"#])
  func `a file that is not GGUF is not a model`(text: String) throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(text, to: "model.bin")
    #expect(
      sentence(about: path) { try Checkpoint.open(path) }
        == "the file is not a model: a GGUF file or a Hugging Face folder (config.json, tokenizer.json and "
        + "safetensors) was expected.")
  }

  @Test func `a path that leads nowhere is named`() throws {
    let path = try TemporaryFolder().file("missing.gguf")
    #expect(
      sentence(about: path) { try Checkpoint.open(path) }
        == "cannot be opened: No such file or directory.")
  }

  @Test(arguments: ["gguf/llama3.gguf", "tiny-llama3/model.safetensors"])
  func `a file that is cut short after it was opened is refused, not read beyond its end`(
    name: String
  ) throws {
    let folder = try TemporaryFolder()
    let source = FixturePath.path(name.hasSuffix("gguf") ? name : "tiny-llama3")
    let copy = folder.file("model")
    try FileManager.default.copyItem(atPath: source, toPath: copy)
    let checkpoint = try Checkpoint.open(copy)
    let file = try #require(checkpoint.files.first)
    #expect(truncate(file.path, off_t(file.count / 2)) == 0)
    for load in [
      { _ = try LlamaModel(checkpoint, path: .exact, on: Executor(threadCount: 2)) },
      { _ = try LlamaModel(checkpoint, path: .blas, on: Executor(threadCount: 2)) },
      { _ = try ReferenceModel(checkpoint) },
    ] {
      #expect(throws: InputFileError.changed(path: file.path)) { try load() }
    }
  }

  @Test(arguments: ["gguf/llama3.gguf", "tiny-llama3"])
  func `a tokenizer's description can be given up once it is made`(name: String) throws {
    var checkpoint = try Checkpoint.open(FixturePath.path(name))
    #expect(try checkpoint.makeTokenizer() != nil)
    checkpoint.releaseTokenizerSource()
    #expect(try checkpoint.makeTokenizer() == nil)
  }

  @Test func `element formats are listed by their bytes`() throws {
    let checkpoint = try Checkpoint.open(FixturePath.path("gguf/quantised-k.gguf"))
    #expect(checkpoint.formatDescription == "GGUF v3, Q6_K + Q5_K + Q4_K + Q8_0 + F32")
  }

  @Test(arguments: [
    ("tiny-llama", 869_504, "Hugging Face folder, F32"),
    ("tiny-bf16-shards", 47_600, "Hugging Face folder, BF16"),
    ("tiny-f16", 30_880, "Hugging Face folder, F16"),
    ("tiny-llama3", 41_120, "Hugging Face folder, F32"),
    ("tiny-sentencepiece", 52_384, "Hugging Face folder, F32"),
    ("gguf/llama3.gguf", 41_120, "GGUF v3, F32"),
    ("gguf/sentencepiece.gguf", 52_384, "GGUF v3, F32"),
    ("gguf/quantised-q4_1.gguf", 80_192, "GGUF v3, Q4_1 + F32"),
    ("gguf/quantised-small.gguf", 173_056, "GGUF v3, Q3_K + IQ4_NL + IQ4_XS + Q2_K + F32"),
  ])
  func `every fixture opens`(name: String, parameters: Int, description: String) throws {
    let checkpoint = try Checkpoint.open(FixturePath.path(name))
    #expect(checkpoint.path == FixturePath.path(name))
    #expect(checkpoint.parameterCount == parameters)
    #expect(checkpoint.configuration.parameterCount == parameters)
    #expect(checkpoint.formatDescription == description)
  }

  /// The same model in both kinds of file; GGUF says the Llama 3 rule of rotary scaling otherwise.
  @Test(arguments: [
    ("tiny-llama3", "gguf/llama3.gguf"), ("tiny-sentencepiece", "gguf/sentencepiece.gguf"),
  ])
  func `a model is the same in both kinds of file`(folder: String, file: String) throws {
    let folder = try Checkpoint.open(FixturePath.path(folder))
    let file = try Checkpoint.open(FixturePath.path(file))
    var configuration = file.configuration
    configuration.ropeScaling = folder.configuration.ropeScaling
    #expect(configuration == folder.configuration)
    #expect(Set(file.tensors.keys) == Set(folder.tensors.keys))
    for (name, tensor) in folder.tensors {
      #expect(file.tensors[name]?.decodeAll() == tensor.decodeAll(), "\(name)")
    }
  }
}
