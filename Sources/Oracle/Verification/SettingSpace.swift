import Files
import Lookahead
import Tensor

/// The values that settings are made of: every combination of one from each list, none of them empty.
public struct SettingSpace: Codable, Equatable, Sendable {
  public var windowSizes = [0, 1, 2, 3, 5, 8]
  public var ngramSizes = [2, 3, 4, 5, 8]
  public var candidateCounts = [0, 1, 3, 5, 9]
  public var policies: [LookaheadConfiguration.Policy] = [.standard, .lade]
  public var candidateLayouts: [LookaheadConfiguration.CandidateLayout] = [.tree, .separate]
  public var schedules: [LookaheadConfiguration.Schedule] = [.fixed, .automatic]
  /// Tokens of the prompt that one pass reads; none, in JSON null, for all of them.
  public var prefillChunks: [Int?] = [1, 7, 64, nil]
  public var threadCounts = [1, 2]
  public var instructionSets = InstructionSet.available
  public var weights: [WeightStorage] = [.stored, .float32]

  /// Usual values of each list.
  public static let usual = SettingSpace()

  /// Of so many drawn settings one is plain decoding.
  private static let plainShare = 8
  /// How often sizes are drawn for a policy until it has them.
  private static let drawsOfSizes = 200

  public var executions: [ExecutionSetting] {
    var all = Self.vary([ExecutionSetting()], \.threads, over: threadCounts)
    all = Self.vary(all, \.instructionSet, over: instructionSets)
    return Self.vary(all, \.weights, over: weights)
  }

  /// How many combinations there are, those that the policy lade does not have among them; the largest
  /// number there is if there are more.
  var combinations: Int {
    [prefillChunks.count, threadCounts.count, instructionSets.count, weights.count]
      .reduce(sizeCombinations) { $0.times($1) }
  }

  /// The same of sizes alone.
  var sizeCombinations: Int {
    [
      windowSizes.count, ngramSizes.count, candidateCounts.count, policies.count,
      candidateLayouts.count, schedules.count,
    ].reduce(1) { $0.times($1) }
  }

  /// Rows that a pass of any of the settings can have, those of a prompt aside.
  public var largestPass: Int {
    get throws {
      try sizes().possible.reduce(1) { try max($0, $1.configuration(seed: 0).largestPass) }
    }
  }

  /// Checks that no size is wrong under every policy.
  /// - Throws: the `LookaheadError` of the first that is; `VerificationError.tooManySizes` where there
  ///   are too many to look.
  public func check() throws { _ = try sizes() }

  /// All possible sizes, and how many combinations are not possible under the policy lade.
  /// - Throws: what `check()` throws.
  func sizes() throws -> (possible: [RunSetting.Sizes], impossible: Int) {
    let (found, limit) = (sizeCombinations, VerificationPlan.mostRuns)
    if found > limit { throw VerificationError.tooManySizes(found: found, limit: limit) }
    var all = [RunSetting.Sizes(windowSize: 0, ngramSize: 0, candidatesPerToken: 0)]
    all = Self.vary(all, \.windowSize, over: windowSizes)
    all = Self.vary(all, \.ngramSize, over: ngramSizes)
    all = Self.vary(all, \.candidatesPerToken, over: candidateCounts)
    all = Self.vary(all, \.policy, over: policies)
    all = Self.vary(all, \.candidateLayout, over: candidateLayouts)
    all = Self.vary(all, \.schedule, over: schedules)
    let possible = try all.filter { try $0.arePossible() }
    return (possible, all.count - possible.count)
  }

  /// Each of `all` with each value of a property.
  private static func vary<Whole, Value>(
    _ all: [Whole], _ property: WritableKeyPath<Whole, Value>, over values: [Value]
  ) -> [Whole] {
    all.flatMap { whole in
      values.map { value in
        var varied = whole
        varied[keyPath: property] = value
        return varied
      }
    }
  }

  /// Draws a setting. The policy comes first: lade lacks many sizes, and would be rare otherwise.
  /// - Returns: nil where the policy has none of the sizes that were drawn for it.
  func draw(using generator: inout SplitMix64) throws -> RunSetting? {
    let isPlain = Int.random(in: 0..<Self.plainShare, using: &generator) == 0
    guard let policy = drawPolicy(using: &generator),
      let chunk = prefillChunks.randomElement(using: &generator),
      let execution = executions.randomElement(using: &generator)
    else { return nil }
    let setting = RunSetting(prefillChunk: chunk, execution: execution)
    if isPlain { return setting }
    for _ in 0..<Self.drawsOfSizes {
      guard let sizes = drawSizes(of: policy, using: &generator) else { return nil }
      if try sizes.arePossible() {
        return RunSetting(lookahead: sizes, prefillChunk: chunk, execution: execution)
      }
    }
    return nil
  }

  /// Policies other than standard, which have neither trees nor the automatic schedule, once in four
  /// times.
  private func drawPolicy(
    using generator: inout SplitMix64
  ) -> LookaheadConfiguration.Policy? {
    let others = policies.filter { $0 != .standard }
    let drawsOthers =
      !policies.contains(.standard)
      || !others.isEmpty && Int.random(in: 0..<4, using: &generator) == 0
    if !drawsOthers { return .standard }
    return others.count > 1 ? others.randomElement(using: &generator) : others.first
  }

  private func drawSizes(
    of policy: LookaheadConfiguration.Policy, using generator: inout SplitMix64
  ) -> RunSetting.Sizes? {
    guard let window = windowSizes.randomElement(using: &generator),
      let ngram = ngramSizes.randomElement(using: &generator),
      let candidates = candidateCounts.randomElement(using: &generator),
      let layout = candidateLayouts.randomElement(using: &generator),
      let schedule = schedules.randomElement(using: &generator)
    else { return nil }
    return RunSetting.Sizes(
      windowSize: window, ngramSize: ngram, candidatesPerToken: candidates, policy: policy,
      candidateLayout: layout, schedule: schedule)
  }
}

extension RunSetting.Sizes {
  /// Whether there is a decoder of these sizes: the policies paper and lade lack some.
  /// - Throws: `LookaheadError` for sizes that are wrong under any policy.
  func arePossible() throws -> Bool {
    do {
      _ = try configuration(seed: 0)
      return true
    } catch let error as LookaheadError {
      switch error {
      case .unlikePolicy: return false
      case .invalidSize where policy != .standard: return false
      default: throw error
      }
    }
  }
}
