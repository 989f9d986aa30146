struct TuneReport: Encodable {
  /// The setting with the largest mean speed-up on some prompts.
  struct Best: Encodable {
    let by: PromptGroup.Sort
    let name: String
    let setting: String
    let meanSpeedup: Double
  }

  let cost: BenchReport
  let settings: [SettingReport]
  let best: [Best]

  init(_ cost: BenchReport, settings: [SettingReport]) {
    self.cost = cost
    self.settings = settings
    best = (settings.first?.groups ?? []).compactMap { group in
      let means = settings.compactMap { setting in
        setting.meanSpeedup(of: group).map { (name: setting.setting.name, mean: $0) }
      }
      return means.max { $0.mean < $1.mean }.map {
        Best(by: group.by, name: group.name, setting: $0.name, meanSpeedup: $0.mean)
      }
    }
  }

  var text: [String] {
    guard settings.contains(where: { !$0.groups.isEmpty }) else { return cost.text }
    let kinds = TextTable(
      ["best for", "W,N,G", "mean speed-up"],
      best.map {
        [
          $0.by == .all ? $0.name : "\($0.by.rawValue) \($0.name)", $0.setting,
          $0.meanSpeedup.rounded(toPlaces: 2),
        ]
      })
    return cost.text + [""] + SettingReport.comparison(settings).text + [""] + kinds.text
  }
}
