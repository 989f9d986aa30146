extension SettingReport {
  var description: String {
    "with \(schedule == .automatic ? "automatic sizes up to " : "")"
      + "W = \(window), N = \(ngram), G = \(candidates), candidates: \(policy.rawValue), from "
      + (poolSources.isEmpty ? "nowhere" : poolSources.joined(separator: ", "))
      + (tree ? "" : ", each with rows of its own")
  }

  var table: TextTable {
    var table = TextTable([
      "prompt", "tokens", "plain t/s", "lookahead t/s", "speed-up", "tokens a pass",
      "rows a pass", "equal",
    ])
    for result in results {
      table.append([
        result.id, "\(result.tokens)", result.plainTokensPerSecond.rounded(toPlaces: 1),
        result.lookaheadTokensPerSecond.rounded(toPlaces: 1),
        result.speedup.rounded(toPlaces: 2), result.tokensPerPass.rounded(toPlaces: 2),
        result.rowsPerPass.rounded(toPlaces: 1), result.verdict,
      ])
    }
    return table
  }

  var groupTable: TextTable {
    var table = TextTable([
      "", "prompts", "mean speed-up", "worst", "of all time", "tokens a pass", "rows a pass",
      "equal",
    ])
    for group in groups {
      table.append([
        group.title, "\(group.prompts)", group.meanSpeedup.rounded(toPlaces: 2),
        group.worstSpeedup.rounded(toPlaces: 2),
        group.totalSpeedup.rounded(toPlaces: 2), group.tokensPerPass.rounded(toPlaces: 2),
        group.rowsPerPass.rounded(toPlaces: 1), group.verdict,
      ])
    }
    return table
  }

  /// Settings beside each other: means over all prompts and over each set.
  static func comparison(_ settings: [SettingReport]) -> TextTable {
    let sets = (settings.first?.groups ?? []).filter { $0.by == .set }
    var table = TextTable(
      ["mean speed-up", "all"] + sets.map(\.name)
        + ["worst", "tokens a pass", "rows a pass", "equal"])
    for setting in settings {
      guard let all = setting.groups.first else { continue }
      table.append(
        [setting.name, all.meanSpeedup.rounded(toPlaces: 2)]
          + sets.map { setting.meanSpeedup(of: $0).rounded(toPlaces: 2) }
          + [
            all.worstSpeedup.rounded(toPlaces: 2), all.tokensPerPass.rounded(toPlaces: 2),
            all.rowsPerPass.rounded(toPlaces: 1), all.verdict,
          ])
    }
    return table
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
