import Lookahead

struct PromptsReport: Encodable {
  let settings: [SettingReport]
  let sampling: SamplingReport
  let maxTokens: Int
  let rounds: Int
  /// The simulated clock: what passes took, as `--clock` was given; null where they were timed.
  @Nullable var clock: String?

  init(settings: [SettingReport], _ plan: PromptBenchmark.Plan) {
    self.settings = settings
    sampling = SamplingReport(plan.sampling)
    maxTokens = plan.maximumTokens
    rounds = plan.rounds
    clock = plan.clock?.description
  }

  var text: [[String]] {
    guard let first = settings.first, !first.results.isEmpty else { return [] }
    var parts = [[setup]]
    if settings.count == 1 {
      parts[0] += first.table.text
      parts.append(first.groupTable.text)
    } else {
      parts[0] += SettingReport.comparison(settings).text
      parts += settings.map { ["\($0.name):"] + $0.groupTable.text }
    }
    return parts
  }

  private var setup: String {
    let ways = settings.count == 1 ? settings.map(\.description) : ["in \(settings.count) ways"]
    let time = clock.map { "; simulated time, milliseconds by rows \($0)" } ?? ""
    let medians = rounds == 1 ? "" : ", medians of \(rounds)"
    return "Plain and lookahead decoding \(ways.joined()), at most "
      + "\(maxTokens.counted("token")), \(choice)\(medians)\(time):"
  }

  private var choice: String {
    guard let seed = sampling.seed else { return "greedy" }
    return "sampled at temperature \(sampling.temperature), seed \(seed)"
  }
}
