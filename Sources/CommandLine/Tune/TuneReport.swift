import Lookahead

/// What `--json` says of tuning, and what the tables are made from.
struct TuneReport: Encodable {
  /// W, N and G, or the automatic schedule, and what they gained.
  struct Setting: Encodable {
    /// "auto", or W, N and G with commas between.
    let name: String
    let schedule: LookaheadConfiguration.Schedule
    let window: Int
    let ngram: Int
    let candidates: Int
    var results: [PromptResult] = [] {
      didSet { groups = PromptGroup.groups(of: results) }
    }
    private(set) var groups: [PromptGroup] = []

    init(_ configuration: LookaheadConfiguration) {
      name = configuration.title
      schedule = configuration.schedule
      window = configuration.windowSize
      ngram = configuration.ngramSize
      candidates = configuration.candidatesPerToken
    }
  }

  /// The setting with the largest mean speed-up on some prompts.
  struct Best: Encodable {
    let by: PromptGroup.Sort
    let name: String
    let setting: String
    let meanSpeedup: Double
  }

  /// What passes cost, as `lookahead bench` says it.
  let cost: BenchReport
  let settings: [Setting]
  /// For all prompts, each set and each kind.
  let best: [Best]

  init(_ cost: BenchReport, settings: [Setting]) {
    self.cost = cost
    self.settings = settings
    best = (settings.first?.groups ?? []).compactMap { group in
      let means = settings.compactMap { setting -> (name: String, mean: Double)? in
        let same = setting.groups.first { $0.by == group.by && $0.name == group.name }
        return same?.meanSpeedup.value.map { (setting.name, $0) }
      }
      return means.max { $0.mean < $1.mean }.map {
        Best(by: group.by, name: group.name, setting: $0.name, meanSpeedup: $0.mean)
      }
    }
  }

  /// Everything for people.
  var text: [String] {
    var lines = cost.text
    guard settings.contains(where: { !$0.groups.isEmpty }) else { return lines }
    var table = TextTable(
      ["W,N,G", "mean speed-up", "worst", "tokens a pass", "rows a pass", "equal"])
    for setting in settings {
      guard let all = setting.groups.first else { continue }
      table.append([
        setting.name, all.meanSpeedup.value.rounded(toPlaces: 2),
        all.worstSpeedup.value.rounded(toPlaces: 2), all.tokensPerPass.rounded(toPlaces: 2),
        all.rowsPerPass.rounded(toPlaces: 1), all.different == 0 ? "all" : "\(all.different) NOT",
      ])
    }
    var kinds = TextTable(["best for", "W,N,G", "mean speed-up"])
    for best in best {
      kinds.append([
        best.by == .all ? "all" : "\(best.by.rawValue) \(best.name)", best.setting,
        best.meanSpeedup.rounded(toPlaces: 2),
      ])
    }
    lines += [""] + table.text + [""] + kinds.text
    return lines
  }
}
