extension SettingReport {
  var description: String {
    let (lookahead, sources) = (setting.lookahead, setting.lookahead.poolSources.names)
    return "with \(lookahead.schedule == .automatic ? "automatic sizes up to " : "")"
      + "W = \(lookahead.windowSize), N = \(lookahead.ngramSize), "
      + "G = \(lookahead.candidatesPerToken), candidates: \(lookahead.policy.rawValue), from "
      + (sources.isEmpty ? "nowhere" : sources.joined(separator: ", "))
      + (lookahead.candidateLayout == .tree ? "" : ", each with rows of its own")
      + (setting.learning == .off ? "" : ", learning \(setting.learning.rawValue)")
  }

  /// Drafts by origin: how many were expected to be right, and how many were.
  var draftTable: TextTable {
    TextTable(
      ["drafts from", "expected", "accepted", "ratio"],
      (groups.first?.drafts ?? [:]).sorted { $0.value.accepted > $1.value.accepted }.map {
        [
          $0.key, $0.value.expected.rounded(toPlaces: 0), "\($0.value.accepted)",
          (Double($0.value.accepted) / max($0.value.expected, 1)).rounded(toPlaces: 2),
        ]
      })
  }

  var table: TextTable {
    TextTable(
      [
        "prompt", "tokens", "plain t/s", "lookahead t/s", "speed-up", "tokens a pass",
        "rows a pass", "equal",
      ],
      results.map {
        [
          $0.id, "\($0.tokens)", $0.plainTokensPerSecond.rounded(toPlaces: 1),
          $0.lookaheadTokensPerSecond.rounded(toPlaces: 1), $0.speedup.rounded(toPlaces: 2),
          $0.tokensPerPass.rounded(toPlaces: 2), $0.rowsPerPass.rounded(toPlaces: 1), $0.verdict,
        ]
      })
  }

  var groupTable: TextTable {
    TextTable(
      [
        "", "prompts", "mean speed-up", "worst", "of all time", "tokens a pass", "rows a pass",
        "equal",
      ],
      groups.map {
        [
          $0.title, "\($0.prompts)", $0.meanSpeedup.rounded(toPlaces: 2),
          $0.worstSpeedup.rounded(toPlaces: 2), $0.totalSpeedup.rounded(toPlaces: 2),
          $0.tokensPerPass.rounded(toPlaces: 2), $0.rowsPerPass.rounded(toPlaces: 1), $0.verdict,
        ]
      })
  }

  /// Settings beside each other: means over all prompts and over each set.
  static func comparison(_ settings: [SettingReport]) -> TextTable {
    let sets = (settings.first?.groups ?? []).filter { $0.by == .set }
    return TextTable(
      ["mean speed-up", "all"] + sets.map(\.name)
        + ["worst", "tokens a pass", "rows a pass", "equal"],
      settings.compactMap { setting -> [String]? in
        setting.groups.first.map { all -> [String] in
          [setting.setting.name, all.meanSpeedup.rounded(toPlaces: 2)]
            + sets.map { setting.meanSpeedup(of: $0).rounded(toPlaces: 2) }
            + [
              all.worstSpeedup.rounded(toPlaces: 2), all.tokensPerPass.rounded(toPlaces: 2),
              all.rowsPerPass.rounded(toPlaces: 1), all.verdict,
            ]
        }
      })
  }
}

extension PromptGroup {
  var title: String { by == .all ? name : "\(by.rawValue) \(name)" }

  var verdict: String { different == 0 ? "all" : "\(different) NOT" }
}

extension PromptResult {
  fileprivate var verdict: String {
    switch (tokensEqual, logitsEqual) {
    case (true, true): "yes"
    case (true, false): "LOGITS DIFFER"
    case (false, _): "TOKENS DIFFER"
    }
  }
}
