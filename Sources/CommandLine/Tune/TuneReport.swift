import Lookahead

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
        setting.meanSpeedup(of: group).map { (name: setting.name, mean: $0) }
      }
      return means.max { $0.mean < $1.mean }.map {
        Best(by: group.by, name: group.name, setting: $0.name, meanSpeedup: $0.mean)
      }
    }
  }

  var text: [String] {
    var lines = cost.text
    guard settings.contains(where: { !$0.groups.isEmpty }) else { return lines }
    var kinds = TextTable(["best for", "W,N,G", "mean speed-up"])
    for best in best {
      kinds.append([
        best.by == .all ? best.name : "\(best.by.rawValue) \(best.name)", best.setting,
        best.meanSpeedup.rounded(toPlaces: 2),
      ])
    }
    lines += [""] + SettingReport.comparison(settings).text + [""] + kinds.text
    return lines
  }
}
