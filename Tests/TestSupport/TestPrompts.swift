import Foundation
import Llama

/// Prompts of the goldens, as token ids.
public enum TestPrompts {
  /// A greedy golden of transformers; the schema is in Fixtures/README.md.
  public struct GreedyGolden: Decodable, Sendable {
    /// One prompt and what follows it.
    public struct Prompt: Decodable, Sendable {
      public let name: String
      public let prompt_ids: [TokenID]
      public let output_ids: [TokenID]
      public let output_ids_ignore_eos: [TokenID]
      /// (token id, logit) pairs of the first step, the largest first.
      public let first_logits_top10: [[Double]]
    }

    public let prompts: [Prompt]
  }

  /// Reads `Fixtures/golden/<name>`.
  public static func greedyGolden(_ name: String) throws -> GreedyGolden {
    let data = try Data(contentsOf: URL(fileURLWithPath: FixturePath.path("golden/" + name)))
    return try JSONDecoder().decode(GreedyGolden.self, from: data)
  }

  /// The prompts of the trained fixture model.
  public static func tinyLlama() throws -> [[TokenID]] {
    try greedyGolden("tiny-llama/greedy.json").prompts.map(\.prompt_ids)
  }
}
