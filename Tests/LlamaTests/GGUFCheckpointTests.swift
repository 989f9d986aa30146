import TestSupport
import Testing

@testable import Llama

struct GGUFCheckpointTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func open(_ writer: GGUFWriter) throws -> Checkpoint {
    try Checkpoint.open(try folder.write(writer.bytes(), to: "model.gguf"))
  }

  private static let withEverything: LlamaConfiguration = {
    var configuration = MinimalCheckpoint.configuration
    configuration.layerCount = 2
    configuration.tiesEmbeddings = false
    configuration.hasAttentionBias = true
    configuration.hasFeedForwardBias = true
    return configuration
  }()

  @Test(arguments: [MinimalCheckpoint.configuration, withEverything])
  func `tensors come in Hugging Face's names and order`(configuration: LlamaConfiguration) throws {
    let checkpoint = try open(MinimalCheckpoint.gguf(configuration))
    #expect(checkpoint.format == .gguf(version: 3))
    #expect(checkpoint.formatDescription == "GGUF v3, F32")
    #expect(checkpoint.configuration == configuration)
    #expect(checkpoint.parameterCount == configuration.parameterCount)
    let names = WeightName.all(in: configuration)
    #expect(Set(checkpoint.tensors.keys) == Set(names.map { $0.huggingFace(in: configuration) }))
    for name in names {
      let tensor = try #require(checkpoint.tensors[name.huggingFace(in: configuration)])
      #expect(tensor.name == name.huggingFace(in: configuration) && tensor.storedName == name.gguf)
      #expect(tensor.shape == name.shape(in: configuration))
      #expect(
        tensor.decodeAll() == MinimalCheckpoint.values(name, in: configuration), "\(tensor.name)")
    }
  }

  @Test func `the tokenizer's fields and the chat template are handed on`() throws {
    var writer = MinimalCheckpoint.gguf()
    writer.set("tokenizer.chat_template", .text("{{ messages }}"))
    let checkpoint = try open(writer)
    #expect(checkpoint.chatTemplateSource == "{{ messages }}")
    guard case .gguf(let fields) = checkpoint.tokenizerSource else {
      Issue.record("no tokenizer was found")
      return
    }
    #expect(fields.path == folder.file("model.gguf"))
    #expect(fields.model == "gpt2")
    #expect(fields.tokens == ["t0", "t1", "t2", "t3", "t4", "t5"])
    #expect(fields.merges == ["t 0", "t 1"])
  }

  @Test func `a file without a tokenizer is a model all the same`() throws {
    var writer = MinimalCheckpoint.gguf()
    writer.remove("tokenizer.ggml.tokens")
    guard case .absent(let path, _) = try open(writer).tokenizerSource else {
      Issue.record("a tokenizer was found")
      return
    }
    #expect(path == folder.file("model.gguf"))
  }

  private typealias Spoilt = FileMistake<GGUFWriter>

  private static func wrongShape(
    _ tensor: String, _ found: [Int], expected: [Int],
    make: @escaping @Sendable (inout GGUFWriter) -> Void
  ) -> Spoilt {
    Spoilt(
      "the shape of the tensor \(tensor)", .invalid(expected: "\(expected)", found: "\(found)"),
      make: make)
  }

  private static let mistakes: [Spoilt] = [
    Spoilt("the tensor blk.0.ffn_up.weight", .missing) { $0.removeTensor("blk.0.ffn_up.weight") },
    Spoilt("the tensor blk.1.attn_norm.weight", .missing) {
      $0.set("llama.block_count", .uint32(2))
    },
    Spoilt("the tensor blk.0.attn_k.bias", .missing) {
      $0.tensors.append(
        .init("blk.0.attn_q.bias", dimensions: [8], type: 0, bytes: .init(repeating: 0, count: 32)))
    },
    Spoilt(
      "the tensor blk.0.attn_q_norm.weight",
      .malformed(reason: "is not one of a LLaMA model of this configuration")
    ) {
      $0.tensors.append(
        .init("blk.0.attn_q_norm.weight", dimensions: [1], type: 0, bytes: [0, 0, 0, 0]))
    },
    wrongShape("blk.0.attn_q.weight", [4, 8], expected: [8, 4]) {
      $0.tensors[2].dimensions = [8, 4]
    },
    wrongShape("token_embd.weight", [6, 4, 1], expected: [6, 4]) {
      $0.tensors[0].dimensions = [1, 4, 6]
    },
    wrongShape("rope_freqs.weight", [1, 2], expected: [2]) {
      $0.tensors.append(
        .init(
          "rope_freqs.weight", dimensions: [2, 1], type: 0, bytes: .init(repeating: 0, count: 8)))
    },
  ]

  @Test(arguments: mistakes)
  private func `a mistake among the tensors is named`(_ mistake: Spoilt) {
    mistake.expect(about: folder.file("model.gguf")) {
      try open(mistake.made(in: MinimalCheckpoint.gguf()))
    }
  }
}
