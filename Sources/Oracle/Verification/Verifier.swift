import Llama
import Lookahead

/// Decodes prompts with many settings and compares each run with plain decoding: tokens, and every bit
/// of the logits they were chosen from.
///
/// The first run that differs ends it, and is shrunk to a smaller case that fails too.
///
/// ```swift
/// var verifier = Verifier { execution in
///   try LlamaModel(
///     checkpoint, path: .exact, storage: execution.weights,
///     on: Executor(threadCount: execution.threads, instructionSet: execution.instructionSet))
/// }
/// let found = try verifier.verify(plan)
/// if found.areAllRunsEqual { print(found.tally.logits) }
/// ```
public struct Verifier<Model: CausalLanguageModel> {
  var models: ModelShelf<Model>

  /// A verifier of models that `makeModel` makes. It holds two at a time at most.
  public init(makeModel: @escaping (ExecutionSetting) throws -> Model) {
    models = ModelShelf(make: makeModel)
  }

  /// Compares all runs of a plan, up to the first that differs.
  /// - Parameter onProgress: called before every run and after every pass; when it answers `cancel`,
  ///   what is known by then is returned.
  /// - Throws: what plain decoding of a prompt throws, and what the making of models throws.
  public mutating func verify(
    _ plan: VerificationPlan,
    onProgress: (VerificationProgress) -> Continuation = { _ in .proceed }
  ) throws -> Verification {
    var found = Verification()
    guard let texts = try decodePlainly(plan, into: &found, onProgress: onProgress) else {
      return found
    }
    for (number, run) in plan.runs.enumerated() {
      let progress = VerificationProgress.run(
        prompt: plan.prompts[run.prompt].id, setting: run.setting, number: number + 1,
        count: plan.runs.count)
      if onProgress(progress) == .cancel { return found }
      let tried = plan.verificationCase(run)
      let model = try models.model(for: run.setting.execution)
      let comparison = try CaseComparison(tried, on: model, with: texts[run.prompt]) {
        onProgress(progress) == .cancel
      }
      if let difference = comparison.difference {
        let finding = CounterExample.Finding(
          promptName: plan.prompts[run.prompt].id, setting: run.setting, difference: difference)
        let (example, smallest) = try counterExample(tried, finding, onProgress: onProgress)
        (found.counterExample, found.smallestCase) = (example, smallest)
        return found
      }
      if comparison.isCancelled { return found }
      found.tally.add(comparison, vocabularySize: model.vocabularySize)
      found.prompts[run.prompt].runs += 1
      found.equalRuns.append(run)
    }
    found.areAllRunsEqual = true
    return found
  }

  /// Plain decoding of all prompts; nil if it was cancelled.
  private mutating func decodePlainly(
    _ plan: VerificationPlan, into found: inout Verification,
    onProgress: (VerificationProgress) -> Continuation
  ) throws -> [PlainText]? {
    let reference = try models.model(for: ExecutionSetting())
    var total = LogitsDigest()
    var texts: [PlainText] = []
    for (index, prompt) in plan.prompts.enumerated() {
      let progress = VerificationProgress.plain(
        prompt: prompt.id, number: index + 1, count: plan.prompts.count)
      if onProgress(progress) == .cancel { return nil }
      let plain = plan.verificationCase(
        VerificationPlan.Run(prompt: index, setting: RunSetting()))
      let text = try PlainText(
        plain, on: reference, onTokens: { total.append($0) },
        isCancelled: { onProgress(progress) == .cancel })
      guard let text else { return nil }
      texts.append(text)
      found.prompts.append(
        Certificate.Prompt(
          id: prompt.id, prompt: prompt.tokens, tokens: text.tokens.count,
          finishReason: text.finishReason, logitsSha256: text.digest.hexDigest))
      found.logitsSHA256 = total.hexDigest
    }
    return texts
  }
}

/// The models that are loaded: that of the reference, and the last other one.
struct ModelShelf<Model: CausalLanguageModel> {
  private let make: (ExecutionSetting) throws -> Model
  private var reference: Model?
  private var other: (execution: ExecutionSetting, model: Model)?

  init(make: @escaping (ExecutionSetting) throws -> Model) { self.make = make }

  mutating func model(for execution: ExecutionSetting) throws -> Model {
    if execution == ExecutionSetting() {
      if let reference { return reference }
      let model = try make(execution)
      reference = model
      return model
    }
    if let other, other.execution == execution { return other.model }
    // Its memory first.
    other = nil
    let model = try make(execution)
    other = (execution, model)
    return model
  }
}
