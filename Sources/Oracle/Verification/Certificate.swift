import Foundation
import Llama
import Lookahead
import Tensor

/// What was verified, on what, and what came of it.
///
/// docs/verifying.md explains every field. What does not apply is left out.
public struct Certificate: Codable, Equatable, Sendable {
  public static let formatName = "lookahead-certificate"
  public static let schemaVersion = 1

  public enum Verdict: String, Codable, Sendable {
    case equal
    case different
    case incomplete
  }

  public struct Model: Codable, Equatable, Sendable {
    public var name: String
    public var sha256: String
    public var format: String
    public var parameters: Int
    public var vocabularySize: Int

    public init(_ model: TraceModel) {
      name = model.name
      sha256 = model.sha256
      format = model.format
      parameters = model.parameters
      vocabularySize = model.configuration.vocabularySize
    }
  }

  public struct Machine: Codable, Equatable, Sendable {
    public var cpu: String?
    public var processors: Int
    public var instructionSets: [InstructionSet]

    public init(
      cpu: String?, processors: Int, instructionSets: [InstructionSet] = InstructionSet.available
    ) {
      self.cpu = cpu
      self.processors = processors
      self.instructionSets = instructionSets
    }
  }

  public struct Plan: Codable, Equatable, Sendable {
    public var choice: String
    public var seed: UInt64?
    public var runs: Int
    public var impossible: Int
    public var space: SettingSpace
    public var maximumTokens: Int
    public var sampling: TraceSampling
    public var reference: ExecutionSetting
  }

  /// A prompt, and what plain decoding makes of it.
  public struct Prompt: Codable, Equatable, Sendable {
    public var id: String
    public var prompt: [TokenID]
    public var tokens: Int
    public var finishReason: FinishReason
    /// Of the logits behind the tokens, as little-endian float32.
    public var logitsSha256: String
    public var runs = 0
  }

  /// How often the values of one property were among the runs.
  public struct Coverage: Codable, Equatable, Sendable {
    public struct Value: Codable, Equatable, Sendable {
      public var value: String
      public var runs: Int
    }

    public var property: String
    public var values: [Value]
  }

  public var format = Certificate.formatName
  public var schema = Certificate.schemaVersion
  public var verdict: Verdict
  public var sentence: String
  public var date: String
  public var program: TraceHeader.Producer
  public var model: Model
  public var matmul: MatrixProductPath
  /// The form of keys and values in the caches of all runs; left out for float32.
  public var kvCache: KeyValueFormat?
  public var machine: Machine
  public var plan: Plan
  public var prompts: [Prompt]
  public var logitsSha256: String
  public var compared: VerificationTally
  public var coverage: [Coverage]
  public var counterExample: CounterExample?
  /// The arguments with which a program repeats the smallest case.
  public var repeatWith: [String]?

  public init(
    _ found: Verification, of plan: VerificationPlan, program: TraceHeader.Producer,
    model: TraceModel, matmul: MatrixProductPath, kvCache: KeyValueFormat = .float32,
    machine: Machine, date: Date = Date()
  ) {
    verdict =
      found.counterExample != nil ? .different : found.areAllRunsEqual ? .equal : .incomplete
    self.date = date.formatted(.iso8601)
    self.program = program
    self.model = Model(model)
    self.matmul = matmul
    self.kvCache = kvCache == .float32 ? nil : kvCache
    self.machine = machine
    self.plan = Plan(plan)
    prompts = found.prompts
    logitsSha256 = found.logitsSHA256
    compared = found.tally
    coverage = Coverage.all(found.equalRuns.map(\.setting))
    counterExample = found.counterExample
    sentence = ""
    sentence = summary
  }
}

extension Certificate.Plan {
  init(_ plan: VerificationPlan) {
    switch plan.choice {
    case .grid: choice = "grid"
    case .sample(_, let seed):
      choice = "sample"
      self.seed = seed
    }
    runs = plan.runs.count
    impossible = plan.impossible
    space = plan.space
    maximumTokens = plan.maximumTokens
    sampling = TraceSampling(plan.sampling)
    reference = ExecutionSetting()
  }
}
