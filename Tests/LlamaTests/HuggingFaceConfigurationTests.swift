import Files
import TestSupport
import Testing

@testable import Llama

struct HuggingFaceConfigurationTests {
  private func configuration(_ config: [String: String]) throws -> LlamaConfiguration {
    let json = Array(MinimalCheckpoint.json(config).utf8)
    return try LlamaConfiguration(
      huggingFace: JSONParser.parse(json, path: "config.json"), generation: nil)
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

  @Test(arguments: [("null", nil), ("3", 3), (nil, 4_096)] as [(String?, Int?)])
  func `a Mistral has the window of its file, and of old files the default`(
    window: String?, expected: Int?
  ) throws {
    let found = try configuration(changing: [
      "model_type": #""mistral""#, "sliding_window": window,
    ])
    #expect(found.variant.family == .mistral)
    #expect(found.layer(0) == LayerVariant(window: expected))
  }

  @Test(arguments: [#""swish""#, #""silu""#])
  func `swish is another name of silu`(name: String) throws {
    #expect(
      try configuration(changing: ["hidden_act": name]) == MinimalCheckpoint.configuration)
  }

  @Test func `rotary parameters without a type are unscaled`() throws {
    let changes = ["rope_theta": nil, "rope_parameters": #"{"rope_theta": 500}"#]
    let found = try configuration(changing: changes)
    #expect(found.ropeScaling == .unscaled && found.ropeBase == 500)
  }

  @Test func `integers may be written with a point or an exponent`() throws {
    let result = try configuration(changing: [
      "max_position_embeddings": "1.6e1", "hidden_size": "4.0",
    ])
    #expect(result == MinimalCheckpoint.configuration)
  }

  private typealias Spoilt = FileMistake<[String: String]>

  private static func unsupported(
    _ key: String, _ json: String, found: String, supported: String
  ) -> Spoilt {
    Spoilt("the field \(key)", .unsupported(found: found, supported: supported)) { $0[key] = json }
  }

  private static func invalid(
    _ key: String, _ json: String, field: String? = nil, expected: String, found: String
  ) -> Spoilt {
    Spoilt("the field \(field ?? key)", .invalid(expected: expected, found: found)) {
      $0[key] = json
    }
  }

  private static let missing: [Spoilt] = [
    "model_type", "vocab_size", "hidden_size", "intermediate_size", "num_hidden_layers",
    "num_attention_heads", "max_position_embeddings",
  ].map { key in Spoilt("the field \(key)", .missing) { $0[key] = nil } }

  private static let families =
    "gemma2, gemma3_text, granite, granitemoehybrid, llama, ministral, mistral, olmo2, phi3, qwen2, "
    + "qwen3, smollm3"

  private static let unsupportedModels: [Spoilt] = [
    unsupported("model_type", #""gpt2""#, found: "gpt2", supported: families),
    unsupported(
      "model_type", #""qwen3_moe""#, found: "qwen3_moe (a mixture of experts)",
      supported: families),
    unsupported(
      "model_type", #""gemma3""#, found: "gemma3 (multimodal)", supported: families),
    unsupported(
      "model_type", #""falcon_h1""#, found: "falcon_h1 (with state-space layers)",
      supported: families),
    Spoilt(
      "the field sliding_window", .invalid(expected: "a positive number or null", found: "0")
    ) { $0.merge(["model_type": #""mistral""#, "sliding_window": "0"]) { $1 } },
    Spoilt(
      "the field layer_types",
      .unsupported(found: "linear_attention", supported: "full_attention or sliding_attention")
    ) {
      $0.merge(["model_type": #""qwen3""#, "layer_types": #"["linear_attention"]"#]) { $1 }
    },
    Spoilt(
      "the field num_local_experts", .unsupported(found: "8 (a mixture of experts)", supported: "0")
    ) { $0["model_type"] = #""granitemoehybrid""# },
    Spoilt("the field num_key_value_heads", .missing) {
      $0.merge([
        "model_type": #""mistral""#, "sliding_window": "null", "num_key_value_heads": "null",
      ]) { $1 }
    },
    unsupported("hidden_act", #""gelu""#, found: "gelu", supported: "silu or gelu_pytorch_tanh"),
    unsupported("quantization_config", "{}", found: "present", supported: "none"),
    unsupported("partial_rotary_factor", "0.5", found: "0.5", supported: "1"),
    Spoilt(
      "the field rope_parameters.partial_rotary_factor",
      .unsupported(found: "0.25", supported: "1")
    ) { $0["rope_parameters"] = #"{"rope_type": "default", "partial_rotary_factor": 0.25}"# },
    Spoilt(
      "the field rope_scaling.type",
      .unsupported(
        found: "proportional", supported: "default, linear, dynamic, llama3, yarn or longrope")
    ) { $0["rope_scaling"] = #"{"type": "proportional", "factor": 2}"# },
  ]

  private static let rotaryMistakes: [Spoilt] = [
    invalid(
      "rope_scaling", #"{"type": "linear", "factor": 1e999}"#, field: "rope_scaling.factor",
      expected: "a number", found: "inf"),
    invalid(
      "rope_scaling", #"{"type": "linear", "factor": "2"}"#, field: "rope_scaling.factor",
      expected: "a number", found: "\"2\""),
    Spoilt(
      "rope_scaling",
      .invalid(expected: "a rule by which no angle exceeds 2^32", found: "linear(factor: 1e-310)")
    ) { $0["rope_scaling"] = #"{"type": "linear", "factor": 1e-310}"# },
    Spoilt(
      "rope_scaling",
      .invalid(expected: "a rule by which no angle exceeds 2^32", found: "linear(factor: 1e-09)")
    ) { $0["rope_scaling"] = #"{"type": "linear", "factor": 1e-9}"# },
    invalid(
      "rope_scaling", llama3.replacing("embeddings\": 8", with: "embeddings\": 8.5"),
      field: "rope_scaling.original_max_position_embeddings", expected: "an integer",
      found: "8.5"),
    Spoilt("the field rope_scaling.factor", .missing) {
      $0["rope_scaling"] = #"{"type": "linear"}"#
    },
    Spoilt(
      "the field rope_parameters.full_attention",
      .unsupported(found: "parameters by type of layer", supported: "those of all layers")
    ) {
      $0["rope_parameters"] = #"{"full_attention": {"rope_type": "default"}}"#
    },
  ]

  private static let numberMistakes: [Spoilt] =
    ["3", "0"].map { heads in
      Spoilt(
        "the field num_attention_heads",
        .invalid(expected: "a divisor of hidden_size, 4", found: heads)
      ) { $0.merge(["num_attention_heads": heads, "head_dim": "null"]) { $1 } }
    } + [
      Spoilt("rms_norm_eps", .invalid(expected: "a positive number", found: "inf")) {
        $0["rms_norm_eps"] = "1e300"
      },
      invalid("vocab_size", #""6""#, expected: "an integer", found: "\"6\""),
      invalid("hidden_size", "6.5", expected: "an integer", found: "6.5"),
      invalid(
        "num_key_value_heads", "99999999999999999999", expected: "an integer", found: "1e+20"),
      invalid("rope_theta", "1e999", expected: "a number", found: "inf"),
      Spoilt("the field vocab_size", .missing) { $0["vocab_size"] = "null" },
      invalid("eos_token_id", #""2""#, expected: "an integer", found: "\"2\""),
      invalid(
        "eos_token_id", #"[2, "3"]"#, field: "eos_token_id[1]", expected: "an integer",
        found: "\"3\""),
      invalid("tie_word_embeddings", "1", expected: "true or false", found: "1"),
    ]

  @Test(arguments: missing + unsupportedModels + rotaryMistakes + numberMistakes)
  private func `a mistake is named`(_ mistake: Spoilt) {
    mistake.expect(about: "config.json") {
      try configuration(mistake.made(in: MinimalCheckpoint.config))
    }
  }

  @Test func `a text that is not JSON is refused at the place of the fault`() throws {
    let error = #expect(throws: FileError.self) {
      try configuration(changing: ["vocab_size": "6,,"])
    }
    #expect(error?.path == "config.json" && error?.part?.hasPrefix("the JSON at byte ") == true)
  }

  @Test func `a key that occurs twice is refused`() throws {
    let expected = FileError("config.json", "the field vocab_size", .duplicate)
    #expect(throws: expected) {
      try configuration(changing: ["vocab_size": #"6, "vocab_size": 7"#])
    }
  }

  /// Time that grew with the square of their number would be minutes.
  @Test(.timeLimit(.minutes(1)))
  func `any number of end tokens is read quickly`() throws {
    let ids = (0..<400_000).map(String.init).joined(separator: ", ")
    let found = try configuration(changing: ["vocab_size": "400000", "eos_token_id": "[\(ids)]"])
    #expect(found.eosTokenIDs.count == 400_000)
  }
}
