import Files
import Llama
import Lookahead

public struct VerificationPrompt: Equatable, Sendable {
  public let id: String
  /// Its tokens, at least one.
  public let tokens: [TokenID]
  public let endTokens: Set<TokenID>

  public init(id: String, tokens: [TokenID], endTokens: Set<TokenID>) {
    self.id = id
    self.tokens = tokens
    self.endTokens = endTokens
  }
}

/// Which prompts are decoded with which settings.
public struct VerificationPlan: Sendable {
  /// How runs are chosen from a space of settings.
  public enum Choice: Equatable, Sendable {
    /// All settings, each with every prompt.
    case grid
    /// As many as `count` different runs, drawn from the seed; the prompts take turns.
    case sample(count: Int, seed: UInt64)
  }

  public struct Run: Hashable, Sendable {
    public let prompt: Int
    public let setting: RunSetting
  }

  public let prompts: [VerificationPrompt]
  public let maximumTokens: Int
  /// How tokens are chosen. Its seed is that of the first window's draw too.
  public let sampling: SamplingConfiguration
  public let space: SettingSpace
  public let choice: Choice
  /// What is to be run, by execution settings, so that each model is loaded once.
  public let runs: [Run]
  /// Settings of a grid that the policy lade does not have.
  public let impossible: Int

  /// Runs that a grid or a sample may have.
  public static let mostRuns = 1_000_000

  /// Drawn settings that are impossible or known already, after which a sample is what it is.
  private static let largestFailures = 10_000

  /// - Throws: `LookaheadError` for sizes that no decoder can have; `VerificationError`.
  public init(
    prompts: [VerificationPrompt], maximumTokens: Int, sampling: SamplingConfiguration,
    space: SettingSpace, choice: Choice
  ) throws {
    guard !prompts.isEmpty else { throw VerificationError.noPrompts }
    self.prompts = prompts
    self.maximumTokens = maximumTokens
    self.sampling = sampling
    self.space = space
    self.choice = choice
    let (runs, impossible) =
      switch choice {
      case .grid: try Self.grid(space, prompts: prompts.count)
      case .sample(let count, let seed):
        (try Self.sample(space, prompts: prompts.count, count: count, seed: seed), 0)
      }
    if runs.isEmpty { throw VerificationError.nothingPossible }
    self.runs = Self.grouped(runs)
    self.impossible = impossible
  }

  /// The decoding that a run stands for.
  public func verificationCase(_ run: Run) -> VerificationCase {
    let prompt = prompts[run.prompt]
    return VerificationCase(
      prompt: prompt.tokens, endTokens: prompt.endTokens, maximumTokens: maximumTokens,
      sampling: sampling, setting: run.setting)
  }

  private static func grid(
    _ space: SettingSpace, prompts: Int
  ) throws -> (runs: [Run], impossible: Int) {
    let count = space.combinations.times(prompts)
    if count > mostRuns { throw VerificationError.gridTooLarge(runs: count, limit: mostRuns) }
    let (sizes, impossible) = try space.sizes()
    var runs: [Run] = []
    for execution in space.executions {
      for chunk in space.prefillChunks {
        for sizes in [nil] + sizes {
          let setting = RunSetting(lookahead: sizes, prefillChunk: chunk, execution: execution)
          // That is what the others are compared with.
          if setting == RunSetting() { continue }
          runs += (0..<prompts).map { Run(prompt: $0, setting: setting) }
        }
      }
    }
    return (runs, impossible * space.executions.count * space.prefillChunks.count)
  }

  private static func sample(
    _ space: SettingSpace, prompts: Int, count: Int, seed: UInt64
  ) throws -> [Run] {
    if count > mostRuns {
      throw VerificationError.sampleTooLarge(runs: count, limit: mostRuns)
    }
    // Wrong sizes are refused whether or not they would have been drawn.
    try space.check()
    var generator = SplitMix64(seed: seed)
    var runs: [Run] = []
    var known: Set<Run> = []
    var failures = 0
    // A small space has fewer different runs than were requested.
    while runs.count < count, failures < largestFailures {
      guard let setting = try space.draw(using: &generator), setting != RunSetting() else {
        failures += 1
        continue
      }
      let run = Run(prompt: runs.count % prompts, setting: setting)
      if known.insert(run).inserted { runs.append(run) } else { failures += 1 }
    }
    return runs
  }

  /// The same runs, those of one execution setting together, in the order of their first ones, and
  /// those of the reference's first: its model is loaded already.
  private static func grouped(_ runs: [Run]) -> [Run] {
    var executions = [ExecutionSetting()]
    var groups: [ExecutionSetting: [Run]] = [:]
    for run in runs {
      let execution = run.setting.execution
      if groups[execution] == nil, execution != executions[0] { executions.append(execution) }
      groups[execution, default: []].append(run)
    }
    return executions.flatMap { groups[$0] ?? [] }
  }
}

/// Why nothing can be verified. Each description is one sentence.
public enum VerificationError: Error, Equatable, Sendable, CustomStringConvertible {
  case noPrompts
  case nothingPossible
  case gridTooLarge(runs: Int, limit: Int)
  case sampleTooLarge(runs: Int, limit: Int)
  case tooManySizes(found: Int, limit: Int)

  public var description: String {
    switch self {
    case .noPrompts:
      "There is no prompt, so there is nothing to verify."
    case .nothingPossible:
      "There is no setting to verify: the policy lade has a window, n-grams of at least 3 tokens, "
        + "candidates with rows of their own, and a fixed schedule, and the reference is not compared "
        + "with itself."
    case .gridTooLarge(let runs, let limit):
      "The grid has \(runs == .max ? "too many" : "\(runs)") runs, but at most \(limit) are allowed; "
        + "draw a sample, or give shorter lists."
    case .sampleTooLarge(let runs, let limit):
      "A sample of \(runs) runs was requested, but at most \(limit) are allowed."
    case .tooManySizes(let found, let limit):
      "The lists make \(found == .max ? "too many" : "\(found)") combinations of W, N, G, policy, "
        + "layout and schedule, but at most \(limit) are allowed; give shorter lists."
    }
  }
}
