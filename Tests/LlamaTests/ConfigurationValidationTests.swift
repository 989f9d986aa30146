import Files
import Llama
import TestSupport
import Testing

struct ConfigurationValidationTests {
  @Test func `a configuration that fits together is handed back`() throws {
    let configuration = MinimalCheckpoint.configuration
    #expect(try configuration.validated(path: "here") == configuration)
  }

  private typealias Spoilt = FileMistake<LlamaConfiguration>

  private static let sizes: [Spoilt] = [0, -1, Int.max, Int.min].flatMap {
    wrong -> [Spoilt] in
    func mistake(
      _ key: String, upTo limit: Int, _ path: WritableKeyPath<LlamaConfiguration, Int> & Sendable
    ) -> Spoilt {
      Spoilt(key, .invalid(expected: "an integer from 1 to \(limit)", found: "\(wrong)")) {
        $0[keyPath: path] = wrong
      }
    }
    return [
      mistake("vocab_size", upTo: 16_777_216, \.vocabularySize),
      mistake("hidden_size", upTo: 1_048_576, \.hiddenSize),
      mistake("intermediate_size", upTo: 4_194_304, \.intermediateSize),
      mistake("num_hidden_layers", upTo: 4096, \.layerCount),
      mistake("max_position_embeddings", upTo: 134_217_728, \.contextLength),
      mistake("num_attention_heads", upTo: 1_048_576, \.attentionHeads),
      mistake("num_key_value_heads", upTo: 2, \.kvHeads),
      mistake("head_dim", upTo: 524_288, \.headDim),
    ]
  }

  private static func llama3(
    factor: Double = 8, low: Double = 1, high: Double = 4, original: Int = 8
  ) -> RotaryScaling {
    .llama3(
      factor: factor, lowFrequencyFactor: low, highFrequencyFactor: high,
      originalContextLength: original)
  }

  private static let others: [Spoilt] = [
    Spoilt("head_dim", .invalid(expected: "an even number", found: "3")) { $0.headDim = 3 },
    Spoilt(
      "num_key_value_heads", .invalid(expected: "a divisor of num_attention_heads, 3", found: "2")
    ) {
      $0.attentionHeads = 3
      $0.kvHeads = 2
    },
    Spoilt("rms_norm_eps", .invalid(expected: "a positive number", found: "0.0")) {
      $0.rmsNormEpsilon = 0
    },
    Spoilt("rms_norm_eps", .invalid(expected: "a positive number", found: "nan")) {
      $0.rmsNormEpsilon = .nan
    },
    Spoilt("rope_theta", .invalid(expected: "a positive number", found: "-1.0")) {
      $0.ropeBase = -1
    },
    Spoilt("rope_theta", .invalid(expected: "a positive number", found: "inf")) {
      $0.ropeBase = .infinity
    },
    Spoilt("rope_scaling.factor", .invalid(expected: "a positive number", found: "0.0")) {
      $0.ropeScaling = .linear(factor: 0)
    },
    Spoilt("rope_scaling.factor", .invalid(expected: "a positive number", found: "nan")) {
      $0.ropeScaling = llama3(factor: .nan)
    },
    Spoilt("rope_scaling.low_freq_factor", .invalid(expected: "a positive number", found: "0.0")) {
      $0.ropeScaling = llama3(low: 0)
    },
    Spoilt(
      "rope_scaling.high_freq_factor",
      .invalid(expected: "a number above low_freq_factor, 1.0", found: "1.0")
    ) { $0.ropeScaling = llama3(high: 1) },
    Spoilt(
      "rope_scaling.original_max_position_embeddings",
      .invalid(expected: "an integer from 1 to 134217728", found: "0")
    ) { $0.ropeScaling = llama3(original: 0) },
    Spoilt(
      "the number of rotary divisors",
      .invalid(expected: "half of the rotated part of a head, 2", found: "1")
    ) {
      $0.ropeScaling = .divided(by: [1])
    },
    Spoilt("a rotary divisor", .invalid(expected: "a positive number", found: "-1.0")) {
      $0.ropeScaling = .divided(by: [1, -1])
    },
    Spoilt("bos_token_id", .invalid(expected: "a token id below vocab_size, 6", found: "6")) {
      $0.bosTokenID = 6
    },
    Spoilt("eos_token_id", .invalid(expected: "a token id below vocab_size, 6", found: "-1")) {
      $0.eosTokenIDs = [2, -1]
    },
  ]

  @Test(arguments: sizes + others)
  private func `a number that cannot be is named`(_ mistake: Spoilt) {
    let configuration = mistake.made(in: MinimalCheckpoint.configuration)
    mistake.expect(about: "config.json") { try configuration.validated(path: "config.json") }
  }
}
