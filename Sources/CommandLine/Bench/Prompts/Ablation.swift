import Lookahead

/// What each part of lookahead decoding brings: the same prompts without one part after the other.
enum Ablation {
  /// Both schedules, each with everything, with one source of candidates, and without shared rows.
  static func settings(fixed: LookaheadConfiguration) throws -> [PromptBenchmark.Setting] {
    try [LookaheadConfiguration.Schedule.automatic, .fixed].flatMap { schedule in
      try parts.map { part in
        let isFixed = schedule == .fixed
        let configuration = try LookaheadConfiguration(
          windowSize: isFixed ? fixed.windowSize : nil,
          ngramSize: isFixed ? fixed.ngramSize : nil,
          candidatesPerToken: isFixed ? fixed.candidatesPerToken : nil,
          poolSources: part.sources, candidateLayout: part.layout, schedule: schedule,
          seed: fixed.seed)
        return PromptBenchmark.Setting(
          name: "\(configuration.title), \(part.name)", lookahead: configuration)
      }
    }
  }

  private typealias Part = (
    name: String, sources: LookaheadConfiguration.PoolSources,
    layout: LookaheadConfiguration.CandidateLayout
  )

  private static let parts: [Part] = [
    ("all sources", .all, .tree), ("window", .window, .tree), ("prompt", .prompt, .tree),
    ("prompt and output", [.prompt, .output], .tree), ("no tree", .all, .separate),
  ]
}
