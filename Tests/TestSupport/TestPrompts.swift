import Foundation
import Llama

/// Prompts of the goldens, as token ids.
public enum TestPrompts {
  /// A greedy golden of transformers; the schema is in Fixtures/README.md.
  public struct GreedyGolden: Decodable, Sendable {
    /// One prompt and what follows it.
    public struct Prompt: Decodable, Sendable {
      /// What the prompt is about.
      public let name: String
      /// The prompt.
      public let promptIDs: [TokenID]
      /// What follows it, up to and with the first end token.
      public let outputIDs: [TokenID]
      /// What follows it where end tokens end nothing.
      public let outputIDsIgnoringEnd: [TokenID]
      /// (token id, logit) pairs of the first step, the largest first.
      public let firstTopLogits: [[Double]]

      private enum CodingKeys: String, CodingKey {
        case name
        case promptIDs = "prompt_ids"
        case outputIDs = "output_ids"
        case outputIDsIgnoringEnd = "output_ids_ignore_eos"
        case firstTopLogits = "first_logits_top10"
      }
    }

    /// All of the file.
    public let prompts: [Prompt]
  }

  /// Reads `Fixtures/golden/<name>`.
  public static func greedyGolden(_ name: String) throws -> GreedyGolden {
    let data = try Data(contentsOf: URL(fileURLWithPath: FixturePath.path("golden/" + name)))
    return try JSONDecoder().decode(GreedyGolden.self, from: data)
  }

  /// The prompts of the trained fixture model.
  public static func tinyLlama() throws -> [[TokenID]] {
    try greedyGolden("tiny-llama/greedy.json").prompts.map(\.promptIDs)
  }

  /// A text to continue, or a question to be put through the chat template.
  public struct Prompt: Decodable, Sendable {
    /// A short name.
    public let id: String
    /// Whether it goes through the chat template.
    public let chat: Bool
    /// The text.
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
