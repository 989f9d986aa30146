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
    threadCounts.flatMap { threads in
      instructionSets.flatMap { instructionSet in
        weights.map {
          ExecutionSetting(threads: threads, instructionSet: instructionSet, weights: $0)
        }
      }
    }
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
      var largest = 1
      try forEachSizes { sizes, isPossible in
        if isPossible { largest = try max(largest, sizes.configuration(seed: 0).largestPass) }
      }
      return largest
    }
  }

  /// Checks that no size is wrong under every policy.
  /// - Throws: the `LookaheadError` of the first that is; `VerificationError.tooManySizes` where there
  ///   are too many to look.
  public func check() throws { try forEachSizes { _, _ in } }

  /// All possible sizes, and how many combinations are not possible under the policy lade.
  /// - Throws: what `check()` throws.
  func sizes() throws -> (possible: [RunSetting.Sizes], impossible: Int) {
    var possible: [RunSetting.Sizes] = []
    var impossible = 0
    try forEachSizes { sizes, isPossible in
      if isPossible { possible.append(sizes) } else { impossible += 1 }
    }
    return (possible, impossible)
  }

  /// Hands over all combinations of sizes, one after the other, with whether their policy has them.
  private func forEachSizes(_ body: (RunSetting.Sizes, _ isPossible: Bool) throws -> Void) throws {
    let (found, limit) = (sizeCombinations, VerificationPlan.mostRuns)
    if found > limit { throw VerificationError.tooManySizes(found: found, limit: limit) }
    for window in windowSizes {
      for ngram in ngramSizes {
        for candidates in candidateCounts {
          for policy in policies {
            for layout in candidateLayouts {
              for schedule in schedules {
                let sizes = RunSetting.Sizes(
                  windowSize: window, ngramSize: ngram, candidatesPerToken: candidates,
                  policy: policy, candidateLayout: layout, schedule: schedule)
                try body(sizes, sizes.arePossible())
              }
            }
          }
        }
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
