import Lookahead

struct PromptsReport: Encodable {
  let settings: [SettingReport]
  let plan: PromptBenchmark.Plan

  func encode(to encoder: any Encoder) throws {
    let fields: JSONObject = [
      "settings": settings,
      "sampling": plan.sampling.report,
      "max_tokens": plan.maximumTokens,
      "rounds": plan.rounds,
      // The simulated clock: what passes took, as --clock was given; null where they were timed.
      "clock": plan.clock?.description,
    ]
    try fields.encode(to: encoder)
  }

  var text: [[String]] {
    guard let first = settings.first, !first.results.isEmpty else { return [] }
    var parts = [[setup]]
    if settings.count == 1 {
      parts[0] += first.table.text
      parts += [first.groupTable.text, first.draftTable.text]
    } else {
      parts[0] += SettingReport.comparison(settings).text
      parts += settings.map { ["\($0.setting.name):"] + $0.groupTable.text }
    }
    return parts
  }

  private var setup: String {
    let ways = settings.count == 1 ? settings.map(\.description) : ["in \(settings.count) ways"]
    let time = plan.clock.map { "; simulated time, milliseconds by rows \($0.description)" } ?? ""
    let medians = plan.rounds == 1 ? "" : ", medians of \(plan.rounds)"
    return "Plain and lookahead decoding \(ways.joined()), at most "
      + "\(plan.maximumTokens.counted("token")), \(choice)\(medians)\(time):"
  }

  private var choice: String {
    let sampling = plan.sampling
    return sampling.isGreedy
      ? "greedy" : "sampled at temperature \(sampling.temperature), seed \(sampling.seed)"
  }
}
