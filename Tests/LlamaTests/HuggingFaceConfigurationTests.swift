import Foundation
import TestSupport
import Testing

@testable import Llama

struct HuggingFaceConfigurationTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func configuration(_ config: [String: String]) throws -> LlamaConfiguration {
    let folder = HuggingFaceFolder(path: folder.path)
    let json = Data(MinimalCheckpoint.json(config).utf8)
    return try LlamaConfiguration(
      try folder.decode(HuggingFaceConfiguration.self, from: json, file: "config.json"),
      generation: nil, path: folder.file("config.json"))
  }

  /// The minimal configuration with some keys changed, and those of value nil left out.
  private func configuration(changing changes: [String: String?]) throws -> LlamaConfiguration {
    try configuration(
      MinimalCheckpoint.config.merging(changes.mapValues { $0 ?? "" }) { $1 }
        .filter { $0.value != "" })
  }

  @Test func `every key is read`() throws {
    #expect(try configuration(MinimalCheckpoint.config) == MinimalCheckpoint.configuration)
    let other = try configuration(changing: [
      "attention_bias": "true", "mlp_bias": "true", "tie_word_embeddings": "false",
      "rope_theta": "500000", "eos_token_id": "[3, 4]", "bos_token_id": "null",
    ])
    #expect(other.hasAttentionBias && other.hasFeedForwardBias && !other.tiesEmbeddings)
    #expect(other.ropeBase == 500_000)
    #expect(other.eosTokenIDs == [3, 4])
    #expect(other.bosTokenID == nil)
  }

  @Test(arguments: [nil, "null"])
  func `absent and null keys have Hugging Face's defaults`(value: String?) throws {
    let keys = [
      "num_key_value_heads", "head_dim", "rms_norm_eps", "rope_theta", "tie_word_embeddings",
      "hidden_act", "rope_scaling", "rope_parameters", "attention_bias", "mlp_bias",
    ]
    let result = try configuration(
      changing: Dictionary(uniqueKeysWithValues: keys.map { ($0, value) }))
    #expect(result.kvHeads == 2)
    #expect(result.headDim == 2)
    #expect(result.rmsNormEpsilon == 1e-6)
    #expect(result.ropeBase == 10_000)
    #expect(result.ropeScaling == .unscaled)
    #expect(!result.tiesEmbeddings && !result.hasAttentionBias && !result.hasFeedForwardBias)
  }

  @Test func `absent special tokens have defaults, and null means none`() throws {
    let absent = try configuration(changing: ["bos_token_id": nil, "eos_token_id": nil])
    #expect(absent.bosTokenID == 1)
    #expect(absent.eosTokenIDs == [2])
    let null = try configuration(changing: ["bos_token_id": "null", "eos_token_id": "null"])
    #expect(null.bosTokenID == nil)
    #expect(null.eosTokenIDs == [])
  }

  private static let llama3 = """
    {"rope_type": "llama3", "factor": 8, "low_freq_factor": 1.0, "high_freq_factor": 4.0, \
    "original_max_position_embeddings": 8, "rope_theta": 5e5}
    """

  @Test(arguments: [
    ("rope_scaling", #"{"rope_type": "default"}"#, RotaryScaling.unscaled, 10_000.0),
    ("rope_scaling", #"{"type": "linear", "factor": 2.5}"#, .linear(factor: 2.5), 10_000),
    ("rope_parameters", #"{"rope_type": "default", "rope_theta": 7.5}"#, .unscaled, 7.5),
    (
      "rope_parameters", #"{"rope_type": "linear", "factor": 4, "rope_theta": 9}"#,
      .linear(factor: 4), 9
    ),
    (
      "rope_parameters", llama3,
      .llama3(
        factor: 8, lowFrequencyFactor: 1, highFrequencyFactor: 4, originalContextLength: 8), 5e5
    ),
    (
      "rope_scaling",
      #"{"rope_type": "llama3", "factor": 8, "low_freq_factor": 1, "high_freq_factor": 4}"#,
      .llama3(
        factor: 8, lowFrequencyFactor: 1, highFrequencyFactor: 4, originalContextLength: 16), 10_000
    ),
  ])
  func `rotary parameters of transformers 4 and 5`(
    key: String, json: String, scaling: RotaryScaling, base: Double
  ) throws {
    let result = try configuration(changing: [key: json])
    #expect(result.ropeScaling == scaling)
    #expect(result.ropeBase == base)
  }

  @Test func `a Mistral without a sliding window is a LLaMA`() throws {
    let changes = ["model_type": #""mistral""#, "sliding_window": "null"]
    #expect(try configuration(changing: changes) == MinimalCheckpoint.configuration)
  }

  private static let mistakes: [Mistake<[String: String]>] =
    [
      "model_type", "vocab_size", "hidden_size", "intermediate_size", "num_hidden_layers",
      "num_attention_heads", "max_position_embeddings",
    ].map { key in Mistake("lacks the key \(key).") { $0[key] = nil } } + [
      Mistake("gives model_type as gpt2, which is not supported; supported is llama.") {
        $0["model_type"] = #""gpt2""#
      },
      Mistake("gives sliding_window as 4096, which is not supported; supported is null.") {
        $0.merge(["model_type": #""mistral""#, "sliding_window": "4096"]) { $1 }
      },
      Mistake("gives sliding_window as absent, which is not supported; supported is null.") {
        $0["model_type"] = #""mistral""#
      },
      Mistake("gives hidden_act as gelu, which is not supported; supported is silu.") {
        $0["hidden_act"] = #""gelu""#
      },
      Mistake("gives quantization_config as present, which is not supported; supported is none.") {
        $0["quantization_config"] = "{}"
      },
      Mistake("gives partial_rotary_factor as 0.5, which is not supported; supported is 1.") {
        $0["partial_rotary_factor"] = "0.5"
      },
      Mistake("gives partial_rotary_factor as 0.25, which is not supported; supported is 1.") {
        $0["rope_parameters"] = #"{"rope_type": "default", "partial_rotary_factor": 0.25}"#
      },
      Mistake(
        "gives rope_scaling.rope_type as yarn, which is not supported; supported is default, "
          + "linear or llama3."
      ) { $0["rope_scaling"] = #"{"type": "yarn", "factor": 2}"# },
      Mistake(
        "has a value of another type under the key rope_scaling.factor, where a number is needed."
      ) { $0["rope_scaling"] = #"{"type": "linear", "factor": 1e999}"# },
      Mistake(
        "gives rope_scaling as linear(factor: 1e-310), where a rule by which no angle exceeds 2^32 "
          + "is needed."
      ) { $0["rope_scaling"] = #"{"type": "linear", "factor": 1e-310}"# },
      Mistake(
        "has a value of another type under the key rope_scaling.original_max_position_embeddings, "
          + "where an integer is needed."
      ) { $0["rope_scaling"] = llama3.replacing("embeddings\": 8", with: "embeddings\": 8.5") },
      Mistake("lacks the key rope_scaling.factor.") {
        $0["rope_scaling"] = #"{"type": "linear"}"#
      },
      Mistake("lacks the key rope_parameters.rope_type.") {
        $0["rope_parameters"] = #"{"full_attention": {"rope_type": "default"}}"#
      },
      Mistake("gives num_attention_heads as 3, where a divisor of hidden_size, 4, is needed.") {
        $0.merge(["num_attention_heads": "3", "head_dim": "null"]) { $1 }
      },
      Mistake("gives num_attention_heads as 0, where a divisor of hidden_size, 4, is needed.") {
        $0.merge(["num_attention_heads": "0", "head_dim": "null"]) { $1 }
      },
      Mistake("gives rms_norm_eps as inf, where a positive number is needed.") {
        $0["rms_norm_eps"] = "1e300"
      },
      Mistake(
        "has a value of another type under the key vocab_size, where an integer is needed."
      ) { $0["vocab_size"] = #""6""# },
      Mistake(
        "has a value of another type under the key hidden_size, where an integer is needed."
      ) { $0["hidden_size"] = "6.5" },
      Mistake(
        "has a value of another type under the key num_key_value_heads, where an integer is needed."
      ) { $0["num_key_value_heads"] = "99999999999999999999" },
      Mistake(
        "has a value of another type under the key rope_theta, where a number is needed."
      ) { $0["rope_theta"] = "1e999" },
      Mistake(
        "has a value of another type under the key rope_scaling.factor, where a number is needed."
      ) { $0["rope_scaling"] = #"{"type": "linear", "factor": "2"}"# },
      Mistake("has null under the key vocab_size, where an integer is needed.") {
        $0["vocab_size"] = "null"
      },
      Mistake(
        "has a value of another type under the key eos_token_id, where a list is needed."
      ) { $0["eos_token_id"] = #""2""# },
      Mistake("is not valid JSON: the text is not well-formed JSON.") { $0["vocab_size"] = "6,," },
    ]

  @Test(arguments: mistakes)
  func `a mistake is named`(_ mistake: Mistake<[String: String]>) {
    let said = sentence(about: folder.file("config.json")) {
      try configuration(mistake.made(in: MinimalCheckpoint.config))
    }
    #expect(said == mistake.sentence)
  }

  /// Time that grew with the square of their number would be minutes.
  @Test(.timeLimit(.minutes(1)))
  func `any number of end tokens is read quickly`() throws {
    let ids = (0..<400_000).map(String.init).joined(separator: ", ")
    let found = try configuration(changing: ["vocab_size": "400000", "eos_token_id": "[\(ids)]"])
    #expect(found.eosTokenIDs.count == 400_000)
  }
}
