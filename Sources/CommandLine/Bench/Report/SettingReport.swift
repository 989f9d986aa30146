import Lookahead

struct SettingReport: Encodable {
  let setting: PromptBenchmark.Setting
  let results: [PromptResult]
  let groups: [PromptGroup]

  init(_ setting: PromptBenchmark.Setting, results: [PromptResult]) {
    (self.setting, self.results) = (setting, results)
    groups = PromptGroup.groups(of: results)
  }

  func encode(to encoder: any Encoder) throws {
    let configuration = setting.lookahead
    let fields: JSONObject = [
      "name": setting.name,
      "schedule": configuration.schedule,
      // Under the automatic schedule W, N and G are upper bounds.
      "window": configuration.windowSize,
      "ngram": configuration.ngramSize,
      "candidates": configuration.candidatesPerToken,
      "policy": configuration.policy,
      "pool_sources": configuration.poolSources.names,
      // Whether candidates that begin alike share rows.
      "tree": configuration.candidateLayout == .tree,
      "learning": setting.learning,
      "results": results,
      "groups": groups,
    ]
    try fields.encode(to: encoder)
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
