import Lookahead

/// What each part of lookahead decoding brings: the same prompts without one part after the other.
enum Ablation {
  /// Both schedules, each with everything, with one source of candidates, and without shared rows.
  static func settings(fixed: LookaheadConfiguration) throws -> [PromptBenchmark.Setting] {
    try [LookaheadConfiguration.Schedule.automatic, .fixed].flatMap { schedule in
      let learning = schedule == .automatic ? learningParts : []
      return try (parts + learning).map { part in
        let isFixed = schedule == .fixed
        let configuration = try LookaheadConfiguration(
          windowSize: isFixed ? fixed.windowSize : nil,
          ngramSize: isFixed ? fixed.ngramSize : nil,
          candidatesPerToken: isFixed ? fixed.candidatesPerToken : nil,
          poolSources: part.sources, candidateLayout: part.layout, schedule: schedule,
          seed: fixed.seed)
        return PromptBenchmark.Setting(
          name: "\(configuration.title), \(part.name)", lookahead: configuration,
          learning: part.learning)
      }
    }
  }

  private typealias Part = (
    name: String, sources: LookaheadConfiguration.PoolSources,
    layout: LookaheadConfiguration.CandidateLayout, learning: PromptBenchmark.Learning
  )

  private static let parts: [Part] = [
    ("all sources", .all, .tree, .off), ("window", .window, .tree, .off),
    ("prompt", .prompt, .tree, .off), ("prompt and output", [.prompt, .output], .tree, .off),
    ("no tree", .all, .separate, .off),
  ]

  /// Successors by the model's logits: beside all other sources, and alone.
  private static let learningParts: [Part] = [
    ("and successors, cold", .all, .tree, .cold), ("and successors, warm", .all, .tree, .warm),
    ("successors alone, warm", [], .tree, .warm),
  ]
}
