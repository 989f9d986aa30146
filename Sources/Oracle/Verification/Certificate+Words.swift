import Lookahead

extension Certificate {
  var summary: String {
    let runs = compared.runs == 1 ? "1 run" : "\(compared.runs) runs"
    let gave = "gave the tokens and, bit for bit, the logits of plain decoding"
    switch verdict {
    case .equal:
      return compared.runs == 1 ? "The run \(gave)." : "All \(runs) \(gave)."
    case .incomplete:
      return "Interrupted: \(runs) of \(plan.runs) \(gave) by then."
    case .different:
      let prompt = counterExample?.finding.promptName ?? ""
      let what = counterExample.map { $0.finding.difference.words } ?? "another text"
      let before = compared.runs == 0 ? "it was the first" : "\(runs) before it \(gave)"
      return "A run of the prompt \(prompt) had \(what); \(before)."
    }
  }
}

extension RunDifference {
  /// What a run had that it should not have had, as words that follow "had".
  public var words: String {
    switch kind {
    case .logits:
      "other logits for token \(index)"
        + (expectedToken == foundToken ? "" : ", which is another one")
    case .token: "another token \(index), chosen from the same logits"
    case .length:
      foundToken == nil
        ? "no token \(index), where plain decoding has one"
        : "a token \(index), where plain decoding has none"
    case .finishReason: "another reason to end after token \(index - 1)"
    case .error: "an error after \(index) tokens"
    }
  }
}

extension Certificate.Coverage {
  /// All properties with the values that runs had, in the order of their size or, where there is none,
  /// of their first run.
  static func all(_ settings: [RunSetting]) -> [Certificate.Coverage] {
    let sizes = settings.compactMap(\.lookahead)
    return [
      named("decoder", settings.map { $0.lookahead == nil ? "plain" : "lookahead" }),
      numbered("windowSizes", sizes.map(\.windowSize)),
      numbered("ngramSizes", sizes.map(\.ngramSize)),
      numbered("candidateCounts", sizes.map(\.candidatesPerToken)),
      named("policies", sizes.map(\.policy.rawValue)),
      named("candidateLayouts", sizes.map(\.candidateLayout.rawValue)),
      named("schedules", sizes.map(\.schedule.rawValue)),
      numbered("prefillChunks", settings.map(\.prefillChunk)),
      numbered("threadCounts", settings.map(\.execution.threads)),
      named("instructionSets", settings.map(\.execution.instructionSet.rawValue)),
      named("weights", settings.map(\.execution.weights.rawValue)),
    ].filter { !$0.values.isEmpty }
  }

  private static func numbered(_ property: String, _ values: [Int?]) -> Certificate.Coverage {
    // All of the prompt is more than any number of its tokens.
    named(
      property,
      values.sorted { ($0 ?? .max) < ($1 ?? .max) }.map { $0.map(String.init) ?? "whole" })
  }

  private static func named(_ property: String, _ values: [String]) -> Certificate.Coverage {
    var counts: [Value] = []
    for value in values {
      if let index = counts.firstIndex(where: { $0.value == value }) {
        counts[index].runs += 1
      } else {
        counts.append(Value(value: value, runs: 1))
      }
    }
    return Certificate.Coverage(property: property, values: counts)
  }
}
