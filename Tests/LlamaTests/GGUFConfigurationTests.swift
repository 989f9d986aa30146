import Llama
import TestSupport
import Testing

struct GGUFConfigurationTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func open(_ change: (inout GGUFWriter) -> Void = { _ in }) throws -> Checkpoint {
    var writer = MinimalCheckpoint.gguf()
    change(&writer)
    return try Checkpoint.open(try folder.write(writer.bytes(), to: "model.gguf"))
  }

  @Test func `every key is read`() throws {
    #expect(try open().configuration == MinimalCheckpoint.configuration)
  }

  @Test func `absent keys have defaults`() throws {
    var configuration = MinimalCheckpoint.configuration
    configuration.headDim = 2
    configuration.kvHeads = 2
    configuration.bosTokenID = nil
    configuration.eosTokenIDs = []
    var writer = MinimalCheckpoint.gguf(configuration)
    for key in [
      "llama.attention.head_count_kv", "llama.attention.key_length",
      "llama.attention.value_length", "llama.rope.freq_base", "llama.rope.dimension_count",
      "tokenizer.ggml.bos_token_id", "tokenizer.ggml.eos_token_id",
    ] { writer.remove(key) }
    let path = try folder.write(writer.bytes(), to: "model.gguf")
    #expect(try Checkpoint.open(path).configuration == configuration)
  }

  @Test func `tokens that end a text, a turn or a message are united`() throws {
    let checkpoint = try open {
      $0.set("tokenizer.ggml.eot_token_id", .uint32(4))
      $0.set("tokenizer.ggml.eom_token_id", .uint32(5))
    }
    #expect(checkpoint.configuration.eosTokenIDs == [2, 4, 5])
    let repeated = try open { $0.set("tokenizer.ggml.eot_token_id", .uint32(2)) }
    #expect(repeated.configuration.eosTokenIDs == [2])
  }

  @Test func `rotary scaling is linear or none`() throws {
    #expect(
      try open {
        $0.set("llama.rope.scaling.type", .text("linear"))
        $0.set("llama.rope.scaling.factor", .float32(2.5))
      }.configuration.ropeScaling == .linear(factor: 2.5))
    #expect(
      try open { $0.set("llama.rope.scaling.factor", .float32(4)) }.configuration.ropeScaling
        == .linear(factor: 4))
    #expect(
      try open { $0.set("llama.rope.scale_linear", .float32(2)) }.configuration.ropeScaling
        == .linear(factor: 2))
    #expect(
      try open { $0.set("llama.rope.scaling.type", .text("none")) }.configuration.ropeScaling
        == .unscaled)
  }

  /// The tensor rope_freqs.weight.
  private static func divisors(_ values: [Float]) -> GGUFWriter.Tensor {
    GGUFWriter.Tensor(
      "rope_freqs.weight", dimensions: [UInt64(values.count)], type: 0,
      bytes: [UInt8](littleEndian: values))
  }

  @Test func `rope_freqs.weight divides the rotary frequencies`() throws {
    let checkpoint = try open { $0.tensors.append(Self.divisors([1, 8])) }
    #expect(checkpoint.configuration.ropeScaling == .divided(by: [1, 8]))
    #expect(checkpoint.tensors.count == 11)
  }

  /// They are read before the size of a head is known.
  @Test func `more rotary divisors than any head has are refused before they are read`() throws {
    let found = sentence(about: folder.file("model.gguf")) {
      try open {
        let count = 1 << 20
        $0.tensors.append(
          GGUFWriter.Tensor(
            "rope_freqs.weight", dimensions: [UInt64(count)], type: 2,
            bytes: [UInt8](repeating: 0, count: count / 32 * 18)))
      }
    }
    #expect(
      found == "gives the tensor rope_freqs.weight the shape [1048576], where its configuration "
        + "needs [524288].")
  }

  @Test func `keys that change nothing may be there`() throws {
    let checkpoint = try open {
      $0.set("llama.vocab_size", .uint32(6))
      $0.set("llama.expert_count", .uint32(0))
      $0.set("llama.expert_used_count", .raw(type: 5, bytes: [0, 0, 0, 0]))
      $0.set("llama.attention.causal", .bool(true))
      $0.set("general.anything", .text("at all"))
      $0.set("quantize.imatrix.chunks_count", .uint32(1))
    }
    #expect(checkpoint.configuration == MinimalCheckpoint.configuration)
  }

  private static let required: [Mistake<GGUFWriter>] = [
    "general.architecture", "llama.embedding_length", "llama.attention.head_count",
    "llama.feed_forward_length", "llama.block_count", "llama.context_length",
    "llama.attention.layer_norm_rms_epsilon",
  ].map { key in Mistake("lacks the key \(key).") { $0.remove(key) } }

  private static let mistakes: [Mistake<GGUFWriter>] = [
    Mistake("gives general.architecture as qwen2, which is not supported; supported is llama.") {
      $0.set("general.architecture", .text("qwen2"))
    },
    Mistake(
      "gives llama.expert_count as 8, which is not supported; supported is 0."
    ) { $0.set("llama.expert_count", .uint32(8)) },
    Mistake(
      "gives llama.logit_scale as 0.5, which is not supported; supported is a file without this key."
    ) { $0.set("llama.logit_scale", .float32(0.5)) },
    Mistake(
      "gives llama.rope.dimension_count as 2, which is not supported; supported is the size of a "
        + "head, 4."
    ) { $0.set("llama.rope.dimension_count", .uint32(2)) },
    Mistake(
      "gives llama.attention.value_length as 8, which is not supported; supported is the size of a "
        + "head, 4."
    ) { $0.set("llama.attention.value_length", .uint32(8)) },
    Mistake(
      "gives llama.rope.scaling.type as yarn, which is not supported; supported is none or linear."
    ) { $0.set("llama.rope.scaling.type", .text("yarn")) },
    Mistake("lacks the key llama.rope.scaling.factor.") {
      $0.set("llama.rope.scaling.type", .text("linear"))
    },
    Mistake(
      "gives llama.rope.scaling.type as linear, which is not supported; supported is none, beside "
        + "the tensor rope_freqs.weight."
    ) {
      $0.set("llama.rope.scaling.factor", .float32(2))
      $0.tensors.append(divisors([1, 8]))
    },
    Mistake("gives the number of rotary divisors as 3, where half of head_dim, 2, is needed.") {
      $0.tensors.append(divisors([1, 2, 3]))
    },
    Mistake("gives a rotary divisor as 0.0, where a positive number is needed.") {
      $0.tensors.append(divisors([1, 0]))
    },
    Mistake("gives llama.vocab_size as 7, where the number of tokens, 6, is needed.") {
      $0.set("llama.vocab_size", .uint32(7))
    },
    Mistake("has a text under the key llama.block_count, where an integer is needed.") {
      $0.set("llama.block_count", .text("1"))
    },
    Mistake(
      "has an array of integers under the key llama.attention.head_count_kv, where an integer is "
        + "needed."
    ) {
      $0.set("llama.attention.head_count_kv", .int32s([1]))
    },
    Mistake(
      "has a larger one under the key llama.block_count, where an integer of 64 bits with a sign "
        + "is needed."
    ) { $0.set("llama.block_count", .raw(type: 10, bytes: [UInt8](repeating: 0xFF, count: 8))) },
    Mistake("gives num_hidden_layers as 4294967295, where an integer from 1 to 4096 is needed.") {
      $0.set("llama.block_count", .uint32(.max))
    },
    Mistake(
      "the length of tokenizer.ggml.token_type is 2, but must be the number of tokens, 6."
    ) { $0.set("tokenizer.ggml.token_type", .int32s([1, 1])) },
    Mistake("lacks the key tokenizer.ggml.model.") { $0.remove("tokenizer.ggml.model") },
  ]

  @Test(arguments: required + mistakes)
  func `a mistake is named`(_ mistake: Mistake<GGUFWriter>) {
    #expect(
      sentence(about: folder.file("model.gguf")) { try open(mistake.make) } == mistake.sentence)
  }
}
