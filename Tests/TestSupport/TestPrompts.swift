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

  /// A text to continue, or a question to be put through the chat template.
  public struct Prompt: Decodable, Sendable {
    public let id: String
    public let chat: Bool
    public let prompt: String
  }

  /// Fixtures/prompts.jsonl, or the file that LOOKAHEAD_PROMPTS names.
  public static func jsonLines() throws -> [Prompt] {
    let path =
      ProcessInfo.processInfo.environment["LOOKAHEAD_PROMPTS"] ?? FixturePath.path("prompts.jsonl")
    return try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map {
      try JSONDecoder().decode(Prompt.self, from: Data($0.utf8))
    }
  }
}
