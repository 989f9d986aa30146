import Lookahead

/// One way to decode with lookahead, and what it gave on prompts.
struct SettingReport: Encodable {
  /// How tables call it.
  let name: String
  let schedule: LookaheadConfiguration.Schedule
  /// Under the automatic schedule W, N and G are the most there may be.
  let window: Int
  let ngram: Int
  let candidates: Int
  let policy: LookaheadConfiguration.Policy
  /// Where candidates may come from.
  let poolSources: [String]
  /// Whether candidates that begin alike share rows.
  let tree: Bool
  /// By prompt.
  let results: [PromptResult]
  /// The prompts together: all, by set and by kind.
  let groups: [PromptGroup]

  init(_ setting: PromptBenchmark.Setting, results: [PromptResult]) {
    name = setting.name
    let configuration = setting.lookahead
    schedule = configuration.schedule
    window = configuration.windowSize
    ngram = configuration.ngramSize
    candidates = configuration.candidatesPerToken
    policy = configuration.policy
    poolSources = configuration.poolSources.names
    tree = configuration.candidateLayout == .tree
    self.results = results
    groups = PromptGroup.groups(of: results)
  }

  /// Whether every prompt gave what plain decoding gives.
  var isEqual: Bool { results.allSatisfy(\.isEqual) }

  /// The mean speed-up on the prompts of a group.
  func meanSpeedup(of group: PromptGroup) -> Double? {
    groups.first { $0.by == group.by && $0.name == group.name }?.meanSpeedup
  }
}

extension LookaheadConfiguration {
  /// "auto", or W, N and G with commas between.
  var title: String {
    schedule == .automatic ? "auto" : "\(windowSize),\(ngramSize),\(candidatesPerToken)"
  }
}
