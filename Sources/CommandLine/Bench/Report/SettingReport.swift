import Lookahead

struct SettingReport: Encodable {
  let name: String
  let schedule: LookaheadConfiguration.Schedule
  /// Under the automatic schedule W, N and G are the most there may be.
  let window: Int
  let ngram: Int
  let candidates: Int
  let policy: LookaheadConfiguration.Policy
  let poolSources: [String]
  /// Whether candidates that begin alike share rows.
  let tree: Bool
  let results: [PromptResult]
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

  var isEqual: Bool { results.allSatisfy(\.isEqual) }

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
