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
    #expect(Set(checkpoint.tensors.keys) == Set(names.map(\.huggingFace)))
    for name in names {
      let tensor = try #require(checkpoint.tensors[name.huggingFace])
      #expect(tensor.name == name.huggingFace && tensor.storedName == name.gguf)
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
    guard case .gguf(let fields, let path) = checkpoint.tokenizerSource else {
      Issue.record("no tokenizer was found")
      return
    }
    #expect(path == folder.file("model.gguf"))
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

  private static let mistakes: [Mistake<GGUFWriter>] = [
    Mistake("lacks the tensor blk.0.ffn_up.weight.") { $0.removeTensor("blk.0.ffn_up.weight") },
    Mistake("lacks the tensor blk.1.attn_norm.weight.") { $0.set("llama.block_count", .uint32(2)) },
    Mistake("lacks the tensor blk.0.attn_k.bias.") {
      $0.tensors.append(
        .init("blk.0.attn_q.bias", dimensions: [8], type: 0, bytes: .init(repeating: 0, count: 32)))
    },
    Mistake("has the tensor extra, which a LLaMA of its configuration does not have.") {
      $0.tensors.append(.init("extra", dimensions: [1], type: 0, bytes: [0, 0, 0, 0]))
    },
    Mistake(
      "gives the tensor blk.0.attn_q.weight the shape [4, 8], where its configuration needs [8, 4]."
    ) { $0.tensors[2].dimensions = [8, 4] },
    Mistake(
      "gives the tensor token_embd.weight the shape [6, 4, 1], where its configuration needs [6, 4]."
    ) { $0.tensors[0].dimensions = [1, 4, 6] },
    Mistake(
      "gives the tensor rope_freqs.weight the shape [1, 2], where its configuration needs [2]."
    ) {
      $0.tensors.append(
        .init(
          "rope_freqs.weight", dimensions: [2, 1], type: 0, bytes: .init(repeating: 0, count: 8)))
    },
  ]

  @Test(arguments: mistakes)
  func `a mistake among the tensors is named`(_ mistake: Mistake<GGUFWriter>) {
    let said = sentence(about: folder.file("model.gguf")) {
      try open(mistake.made(in: MinimalCheckpoint.gguf()))
    }
    #expect(said == mistake.sentence)
  }
}
