struct PromptResult: Encodable {
  let id: String
  @Nullable var set: String?
  @Nullable var kind: String?
  let tokens: Int
  let passes: Int
  let tokensPerPass: Double
  /// Of the passes after the one that read the prompt.
  let rowsPerPass: Double
  /// Seconds after the first token.
  let plainSeconds: Double
  let lookaheadSeconds: Double
  let plainTokensPerSecond: Double
  let lookaheadTokensPerSecond: Double
  /// Seconds of plain decoding over those of lookahead decoding; null where the first token was the
  /// last.
  @Nullable var speedup: Double?
  let tokensEqual: Bool
  let logitsEqual: Bool
  /// By origin, those that were verified.
  let drafts: [String: DraftCount]

  /// Of several runs of each kind the one of median time counts; all must be equal.
  /// - Returns: nil where there is no run of a kind.
  init?(_ prompt: BenchPrompt, lookahead runs: [GenerationRun], plain plainRuns: [GenerationRun]) {
    guard let lookahead = runs.ofMedianTime, let plain = plainRuns.ofMedianTime else { return nil }
    id = prompt.id
    set = prompt.set
    kind = prompt.kind
    tokens = lookahead.result.tokens.count
    passes = lookahead.result.passes
    tokensPerPass = lookahead.result.tokensPerPass
    let rows = lookahead.sizes.map { Double($0.size.rows) }
    rowsPerPass = rows.isEmpty ? 0 : rows.reduce(0, +) / Double(rows.count)
    plainSeconds = plain.result.decodeSeconds
    lookaheadSeconds = lookahead.result.decodeSeconds
    plainTokensPerSecond = plain.result.tokensPerSecond
    lookaheadTokensPerSecond = lookahead.result.tokensPerSecond
    speedup = plainSeconds > 0 && lookaheadSeconds > 0 ? plainSeconds / lookaheadSeconds : nil
    drafts = DraftCount.byOrigin(lookahead.result.statistics)
    let agreements = (runs + plainRuns).map { Agreement($0, plain) }
    tokensEqual = agreements.allSatisfy(\.tokensEqual)
    logitsEqual = agreements.allSatisfy(\.logitsEqual)
  }

  var isEqual: Bool { tokensEqual && logitsEqual }
}

extension [GenerationRun] {
  /// The run whose time after the first token is the median; of two in the middle the faster.
  fileprivate var ofMedianTime: GenerationRun? {
    let ordered = sorted { $0.result.decodeSeconds < $1.result.decodeSeconds }
    return ordered.isEmpty ? nil : ordered[(ordered.count - 1) / 2]
  }
}

struct PromptGroup: Encodable {
  enum Sort: String, Encodable {
    case all, set, kind
  }

  let by: Sort
  let name: String
  let prompts: Int
  @Nullable var meanSpeedup: Double?
  @Nullable var worstSpeedup: Double?
  /// Seconds of plain decoding of all prompts over those of lookahead decoding.
  @Nullable var totalSpeedup: Double?
  let tokensPerPass: Double
  /// All rows over all passes, those that read prompts not counted.
  let rowsPerPass: Double
  /// Prompts whose tokens or logits differ.
  let different: Int
  /// By origin, those that were verified.
  let drafts: [String: DraftCount]

  init(_ results: [PromptResult], by: Sort, name: String) {
    self.by = by
    self.name = name
    prompts = results.count
    let speedups = results.compactMap(\.speedup)
    let mean = speedups.reduce(0, +) / Double(speedups.count)
    meanSpeedup = speedups.isEmpty ? nil : mean
    worstSpeedup = speedups.min()
    let plain = results.reduce(0) { $0 + $1.plainSeconds }
    let lookahead = results.reduce(0) { $0 + $1.lookaheadSeconds }
    totalSpeedup = plain > 0 && lookahead > 0 ? plain / lookahead : nil
    let passes = results.reduce(0) { $0 + $1.passes }
    tokensPerPass =
      passes == 0 ? 0 : Double(results.reduce(0) { $0 + $1.tokens }) / Double(passes)
    let rows = results.reduce(0) { $0 + $1.rowsPerPass * Double($1.passes - 1) }
    rowsPerPass = passes > results.count ? rows / Double(passes - results.count) : 0
    different = results.count { !$0.isEqual }
    drafts = results.reduce(into: [:]) { $0.merge($1.drafts, uniquingKeysWith: +) }
  }

  /// One group for all, one for each set, and one for each kind, in the order of the file.
  static func groups(of results: [PromptResult]) -> [PromptGroup] {
    if results.isEmpty { return [] }
    return [PromptGroup(results, by: .all, name: "all")]
      + groups(of: results, by: .set) { $0.set }
      + groups(of: results, by: .kind) { $0.kind }
  }

  private static func groups(
    of results: [PromptResult], by: Sort, name: (PromptResult) -> String?
  ) -> [PromptGroup] {
    var names: [String] = []
    for case let name? in results.map(name) where !names.contains(name) { names.append(name) }
    return names.map { wanted in
      PromptGroup(results.filter { name($0) == wanted }, by: by, name: wanted)
    }
  }
}
