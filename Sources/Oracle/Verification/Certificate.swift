import Foundation
import Llama
import Lookahead
import Tensor

/// What was verified, on what, and what came of it.
///
/// docs/verifying.md explains every field. What does not apply is left out.
public struct Certificate: Codable, Equatable, Sendable {
  /// `lookahead-certificate`.
  public static let formatName = "lookahead-certificate"
  /// The version of the format.
  public static let schemaVersion = 1

  /// What came of it.
  public enum Verdict: String, Codable, Sendable {
    /// Every run gave the tokens and logits of plain decoding, bit for bit.
    case equal
    /// One run did not; the runs behind it were not made.
    case different
    /// It was interrupted; what was compared by then is equal.
    case incomplete
  }

  public struct Model: Codable, Equatable, Sendable {
    public var name: String
    /// Of a GGUF file; or of a folder's `config.json` and safetensors, one after the other.
    public var sha256: String
    public var format: String
    public var parameters: Int
    /// Tokens in the vocabulary: logits of a row.
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
    /// The CPU as it names itself; left out where it does not.
    public var cpu: String?
    /// Processors that the program may use.
    public var processors: Int
    /// Builds of the kernels that the CPU can run, the fastest last.
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
    /// `grid`, every setting with every prompt; or `sample`, drawn from the seed.
    public var choice: String
    /// Of a sample: what it was drawn from.
    public var seed: UInt64?
    /// Runs, those of plain decoding that they are compared with not counted.
    public var runs: Int
    /// Settings of a grid that were passed over, because the policy lade does not have them.
    public var impossible: Int
    public var space: SettingSpace
    public var maximumTokens: Int
    /// How tokens are chosen; its seed is that of the windows too.
    public var sampling: TraceSampling
    /// Where plain decoding runs; it reads each prompt in one pass.
    public var reference: ExecutionSetting
  }

  /// A prompt, and what plain decoding makes of it.
  public struct Prompt: Codable, Equatable, Sendable {
    public var id: String
    public var prompt: [TokenID]
    public var tokens: Int
    public var finishReason: FinishReason
    /// Of the rows of logits behind the tokens, as little-endian float32.
    public var logitsSha256: String
    /// Runs that gave the same.
    public var runs: Int
  }

  /// How often the values of one property were among the runs.
  public struct Coverage: Codable, Equatable, Sendable {
    public struct Value: Codable, Equatable, Sendable {
      /// The value, as options spell it.
      public var value: String
      public var runs: Int
    }

    /// The property: `decoder`, or the name of a list of the space.
    public var property: String
    public var values: [Value]
  }

  public var format = Certificate.formatName
  public var schema = Certificate.schemaVersion
  /// What came of it.
  public var verdict: Verdict
  public var sentence: String
  /// When it was issued, in ISO 8601.
  public var date: String
  public var program: TraceHeader.Producer
  public var model: Model
  /// How matrix products were computed: equality is promised for `exact`.
  public var matmul: MatrixProductPath
  public var machine: Machine
  public var plan: Plan
  /// The prompts that were decoded plainly.
  public var prompts: [Prompt]
  /// Of all rows of logits of plain decoding, prompt after prompt.
  public var logitsSha256: String
  public var compared: VerificationTally
  /// What runs there were.
  public var coverage: [Coverage]
  /// The run that differs; left out where none does.
  public var counterExample: CounterExample?

  public init(
    _ found: Verification, of plan: VerificationPlan, program: TraceHeader.Producer,
    model: TraceModel, matmul: MatrixProductPath, machine: Machine, date: Date = Date()
  ) {
    verdict =
      found.counterExample != nil ? .different : found.areAllRunsEqual ? .equal : .incomplete
    self.date = date.formatted(.iso8601)
    self.program = program
    self.model = Model(model)
    self.matmul = matmul
    self.machine = machine
    self.plan = Plan(plan)
    prompts = zip(plan.prompts, found.prompts).map { prompt, plain in
      Prompt(
        id: prompt.id, prompt: prompt.tokens, tokens: plain.tokens,
        finishReason: plain.finishReason, logitsSha256: plain.logitsSHA256, runs: plain.runs)
    }
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
