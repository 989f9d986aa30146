import Files
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

  @Test func `key and value heads may be listed for each layer`() throws {
    let found = try open { $0.set("llama.attention.head_count_kv", .int32s([1])) }
    #expect(found.configuration == MinimalCheckpoint.configuration)
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
    let expected = FileError(
      folder.file("model.gguf"), "the shape of the tensor rope_freqs.weight",
      .invalid(expected: "[524288]", found: "[1048576]"))
    #expect(throws: expected) {
      try open {
        let count = 1 << 20
        $0.tensors.append(
          GGUFWriter.Tensor(
            "rope_freqs.weight", dimensions: [UInt64(count)], type: 2,
            bytes: [UInt8](repeating: 0, count: count / 32 * 18)))
      }
    }
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

  private typealias Spoilt = FileMistake<GGUFWriter>

  private static let required: [Spoilt] = [
    "general.architecture", "llama.embedding_length", "llama.attention.head_count",
    "llama.feed_forward_length", "llama.block_count", "llama.context_length",
    "llama.attention.layer_norm_rms_epsilon",
  ].map { key in Spoilt("the key \(key)", .missing) { $0.remove(key) } }

  private static func unsupported(
    _ key: String, _ value: GGUFWriter.Value, found: String, supported: String
  ) -> Spoilt {
    Spoilt("the key \(key)", .unsupported(found: found, supported: supported)) {
      $0.set(key, value)
    }
  }

  private static func invalid(
    _ key: String, _ value: GGUFWriter.Value, expected: String, found: String
  ) -> Spoilt {
    Spoilt("the key \(key)", .invalid(expected: expected, found: found)) { $0.set(key, value) }
  }

  private static let mistakes: [Spoilt] = [
    unsupported(
      "general.architecture", .text("gpt2"), found: "gpt2",
      supported: "gemma2, gemma3, granite, llama, olmo2, phi3, qwen2, qwen3, smollm3"),
    unsupported(
      "general.architecture", .text("qwen3moe"), found: "qwen3moe (a mixture of experts)",
      supported: "gemma2, gemma3, granite, llama, olmo2, phi3, qwen2, qwen3, smollm3"),
    unsupported("llama.expert_count", .uint32(8), found: "8", supported: "0"),
    unsupported("llama.expert_count", .text("0"), found: "\"0\"", supported: "0"),
    unsupported(
      "llama.logit_scale", .float32(0.5), found: "0.5", supported: "a file without this key"),
    unsupported(
      "llama.rope.dimension_count", .uint32(2), found: "2", supported: "the size of a head, 4"),
    unsupported(
      "llama.attention.value_length", .uint32(8), found: "8", supported: "the size of a head, 4"),
    unsupported(
      "llama.rope.scaling.type", .text("ntk"), found: "ntk",
      supported: "none, linear, yarn or longrope"),
    Spoilt("the key llama.rope.scaling.factor", .missing) {
      $0.set("llama.rope.scaling.type", .text("linear"))
    },
    Spoilt(
      "the key llama.rope.scaling.type",
      .unsupported(found: "linear", supported: "none, beside a tensor of rotary divisors")
    ) {
      $0.set("llama.rope.scaling.factor", .float32(2))
      $0.tensors.append(divisors([1, 8]))
    },
    Spoilt(
      "the number of rotary divisors",
      .invalid(expected: "half of the rotated part of a head, 2", found: "3")
    ) { $0.tensors.append(divisors([1, 2, 3])) },
    Spoilt("a rotary divisor", .invalid(expected: "a positive number", found: "0.0")) {
      $0.tensors.append(divisors([1, 0]))
    },
    invalid("llama.vocab_size", .uint32(7), expected: "the number of tokens, 6", found: "7"),
    invalid("llama.block_count", .text("1"), expected: "an integer", found: "a text"),
    invalid("llama.rope.freq_base", .bool(true), expected: "a number", found: "a Boolean"),
    invalid("general.architecture", .uint32(1), expected: "a text", found: "an integer"),
    invalid(
      "tokenizer.ggml.tokens", .int32s([1]), expected: "an array, each a text",
      found: "an array of integers"),
    unsupported(
      "llama.attention.head_count_kv", .int32s([1, 2]), found: "different ones",
      supported: "equal ones"),
    invalid(
      "llama.block_count", .raw(type: 10, bytes: [UInt8](repeating: 0xFF, count: 8)),
      expected: "an integer of 64 bits with a sign", found: "a larger one"),
    Spoilt(
      "num_hidden_layers", .invalid(expected: "an integer from 1 to 4096", found: "4294967295")
    ) { $0.set("llama.block_count", .uint32(.max)) },
    Spoilt(
      "the length of tokenizer.ggml.token_type",
      .invalid(expected: "the number of tokens, 6", found: "2")
    ) { $0.set("tokenizer.ggml.token_type", .int32s([1, 1])) },
    Spoilt("the key tokenizer.ggml.model", .missing) { $0.remove("tokenizer.ggml.model") },
  ]

  @Test(arguments: required + mistakes)
  private func `a mistake is named`(_ mistake: Spoilt) {
    mistake.expect(about: folder.file("model.gguf")) { try open(mistake.make) }
  }
}
