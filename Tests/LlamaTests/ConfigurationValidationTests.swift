import Llama
import TestSupport
import Testing

struct ConfigurationValidationTests {
  @Test func `a configuration that fits together is handed back`() throws {
    let configuration = MinimalCheckpoint.configuration
    #expect(try configuration.validated(path: "here") == configuration)
  }

  private static let sizes: [Mistake<LlamaConfiguration>] = [0, -1, Int.max, Int.min].flatMap {
    wrong -> [Mistake<LlamaConfiguration>] in
    func mistake(
      _ key: String, upTo limit: Int, _ path: WritableKeyPath<LlamaConfiguration, Int> & Sendable
    ) -> Mistake<LlamaConfiguration> {
      Mistake("gives \(key) as \(wrong), where an integer from 1 to \(limit) is needed.") {
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

  private static let others: [Mistake<LlamaConfiguration>] = [
    Mistake("gives head_dim as 3, where an even number is needed.") { $0.headDim = 3 },
    Mistake(
      "gives num_key_value_heads as 2, where a divisor of num_attention_heads, 3, is needed."
    ) {
      $0.attentionHeads = 3
      $0.kvHeads = 2
    },
    Mistake("gives rms_norm_eps as 0.0, where a positive number is needed.") {
      $0.rmsNormEpsilon = 0
    },
    Mistake("gives rms_norm_eps as nan, where a positive number is needed.") {
      $0.rmsNormEpsilon = .nan
    },
    Mistake("gives rope_theta as -1.0, where a positive number is needed.") { $0.ropeBase = -1 },
    Mistake("gives rope_theta as inf, where a positive number is needed.") {
      $0.ropeBase = .infinity
    },
    Mistake("gives rope_scaling.factor as 0.0, where a positive number is needed.") {
      $0.ropeScaling = .linear(factor: 0)
    },
    Mistake("gives rope_scaling.factor as nan, where a positive number is needed.") {
      $0.ropeScaling = llama3(factor: .nan)
    },
    Mistake("gives rope_scaling.low_freq_factor as 0.0, where a positive number is needed.") {
      $0.ropeScaling = llama3(low: 0)
    },
    Mistake(
      "gives rope_scaling.high_freq_factor as 1.0, where a number above low_freq_factor, 1.0, is "
        + "needed."
    ) { $0.ropeScaling = llama3(high: 1) },
    Mistake(
      "gives rope_scaling.original_max_position_embeddings as 0, where an integer from 1 to "
        + "134217728 is needed."
    ) { $0.ropeScaling = llama3(original: 0) },
    Mistake("gives the number of rotary divisors as 1, where half of head_dim, 2, is needed.") {
      $0.ropeScaling = .divided(by: [1])
    },
    Mistake("gives a rotary divisor as -1.0, where a positive number is needed.") {
      $0.ropeScaling = .divided(by: [1, -1])
    },
    Mistake("gives bos_token_id as 6, where a token id below vocab_size, 6, is needed.") {
      $0.bosTokenID = 6
    },
    Mistake("gives eos_token_id as -1, where a token id below vocab_size, 6, is needed.") {
      $0.eosTokenIDs = [2, -1]
    },
  ]

  @Test(arguments: sizes + others)
  func `a number that cannot be is named`(_ mistake: Mistake<LlamaConfiguration>) {
    let configuration = mistake.made(in: MinimalCheckpoint.configuration)
    let said = sentence(about: "config.json") { try configuration.validated(path: "config.json") }
    #expect(said == mistake.sentence)
  }
}
