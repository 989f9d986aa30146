import ArgumentParser
import Foundation
import Llama
import Lookahead
import Oracle
import Session
import Tensor

extension LookaheadConfiguration.Policy: ListValue {}
extension LookaheadConfiguration.CandidateLayout: ListValue {}
extension LookaheadOptions.Schedule: ListValue {}
extension InstructionSet: ListValue {}
extension WeightStorage: ListValue {}

struct VerifyOptions: ParsableArguments {
  private static let usual = SettingSpace.usual

  @Flag(help: "Run every setting that the lists make with every prompt, instead of a sample.")
  var grid = false

  @Option(
    name: .customLong("random"),
    help: ArgumentHelp(
      "Runs to draw from the settings that the lists make. (default: \(Self.usualRuns))",
      valueName: "count"))
  var sampleSize: Int?

  @Option(
    name: [.customShort("n"), .long],
    help: ArgumentHelp("Tokens to make of each prompt at the most.", valueName: "count"))
  var maxTokens = 32

  @Flag(name: .long, help: "Make text on beyond the tokens that end one.")
  var ignoreEos = false

  @Option(help: ArgumentHelp("Columns of the window, W.", valueName: "list"))
  var windows = ValueList(Self.usual.windowSizes)

  @Option(help: ArgumentHelp("Tokens of an n-gram, N.", valueName: "list"))
  var ngrams = ValueList(Self.usual.ngramSizes)

  @Option(help: ArgumentHelp("Candidates of a pass, G.", valueName: "list"))
  var candidates = ValueList(Self.usual.candidateCounts)

  @Option(help: ArgumentHelp("How candidates are found: standard, paper, lade.", valueName: "list"))
  var policies = ValueList(Self.usual.policies)

  @Option(help: ArgumentHelp("Which rows candidates have: tree, separate.", valueName: "list"))
  var layouts = ValueList(Self.usual.candidateLayouts)

  @Option(
    help: ArgumentHelp(
      "Who decides how many rows a pass has: fixed, auto; the latter goes by drawn times.",
      valueName: "list"))
  var schedules = ValueList<LookaheadOptions.Schedule>([.fixed, .auto])

  @Option(
    help: ArgumentHelp(
      "Tokens of the prompt that one pass reads: numbers, or whole.", valueName: "list"))
  var chunks = ValueList(Self.usual.prefillChunks.map(PrefillChunk.init))

  @Option(
    help: ArgumentHelp(
      "Threads to compute with. (default: 1, 2 and one for each processor, here "
        + "\(Self.usualThreads.defaultValueDescription))", valueName: "list"))
  var threadsList: ValueList<Int>?

  @Option(
    help: ArgumentHelp(
      "CPU instructions: portable, x86-64-v3, x86-64-v3+vnni, x86-64-v4, "
        + "x86-64-v4+vnni. (default: "
        + "\(InstructionSetChoice.variable), else all of this CPU; those without fused multiply-adds "
        + "only for models of up to \(Self.slowModelLimit / 1_000_000) million parameters)",
      valueName: "list"))
  var instructionSets: ValueList<InstructionSet>?

  @Option(
    help: ArgumentHelp(
      "How weights are kept in memory: stored, float32. (default: both; stored with another --matmul than exact)",
      valueName: "list"))
  var weights: ValueList<WeightStorage>?

  @Option(
    help: """
      How matrix products are computed: exact; int16 or int8, in integers; or blas, by OpenBLAS, for \
      which nothing is promised.
      """)
  var matmul: MatrixProductPath = .exact

  @Option(
    help: """
      The form of keys and values in the caches of all runs, plain decoding's too: float32; or \
      float16, which rounds each once.
      """)
  var kvCache: KeyValueFormat = .float32

  static let usualRuns = 60
  /// Parameters of a model whose passes take seconds with instructions that are not fast.
  private static let slowModelLimit = 10_000_000
  private static let usualThreads = ValueList([1, 2, Processors.fast])

  func validate() throws {
    if grid, sampleSize != nil {
      throw ValidationError("--grid runs all settings and --random some, so only one can be given.")
    }
    try Self.require(["number of runs": sampleSize, "number of tokens": maxTokens])
    if let sampleSize, sampleSize > VerificationPlan.mostRuns {
      let limit = VerificationPlan.mostRuns
      throw ValidationError("\(VerificationError.sampleTooLarge(runs: sampleSize, limit: limit))")
    }
    try ExecutionOptions.check(matmul, weights: weights?.values ?? [])
    for threads in threadsList?.values ?? [] { try ExecutionOptions.check(threads: threads) }
    for instructionSet in instructionSets?.values ?? [] {
      _ = try InstructionSetChoice.find(option: instructionSet, environment: [:])
    }
    try Self.validating { try space(instructionSets: [.best], weights: [.stored]).check() }
  }

  func choice(seed: UInt64 = 0) -> VerificationPlan.Choice {
    grid ? .grid : .sample(count: sampleSize ?? Self.usualRuns, seed: seed)
  }

  /// - Throws: `ValidationError` for instructions of the environment that there are not.
  func space(for checkpoint: Checkpoint) throws -> SettingSpace {
    space(
      instructionSets: try instructionSets?.values ?? usualInstructionSets(for: checkpoint),
      weights: weights?.values ?? (matmul == .exact ? WeightStorage.allCases : [.stored]))
  }

  private func space(
    instructionSets: [InstructionSet], weights: [WeightStorage]
  ) -> SettingSpace {
    var space = Self.usual
    space.windowSizes = windows.values
    space.ngramSizes = ngrams.values
    space.candidateCounts = candidates.values
    space.policies = policies.values
    space.candidateLayouts = layouts.values
    space.schedules = schedules.values.map(\.schedule)
    space.prefillChunks = chunks.values.map(\.tokens)
    space.threadCounts = (threadsList ?? Self.usualThreads).values
    (space.instructionSets, space.weights) = (instructionSets, weights)
    return space
  }

  private func usualInstructionSets(for checkpoint: Checkpoint) throws -> [InstructionSet] {
    let environment = ProcessInfo.processInfo.environment
    let chosen = try InstructionSetChoice.find(option: nil, environment: environment)
    if !(environment[InstructionSetChoice.variable] ?? "").isEmpty { return [chosen] }
    let available = InstructionSet.available
    guard checkpoint.parameterCount > Self.slowModelLimit, InstructionSet.best.isFast else {
      return available
    }
    let slow = available.filter { !$0.isFast }.map(\.rawValue)
    if !slow.isEmpty {
      Console.note(
        "Note: \(slow.joined(separator: ", ")) instructions, too slow for this model, are left out "
          + "unless named.")
    }
    return available.filter(\.isFast)
  }
}
