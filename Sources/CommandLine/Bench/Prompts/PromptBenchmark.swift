import ArgumentParser
import Llama
import Lookahead
import Session

/// Decodes prompts plainly and with one or several settings of lookahead decoding, in turn.
struct PromptBenchmark {
  struct Task {
    let prompt: BenchPrompt
    let tokens: [TokenID]
    let endTokens: Set<TokenID>
  }

  struct Setting {
    let name: String
    let lookahead: LookaheadConfiguration
    var learning = Learning.off
  }

  /// What drafting learns from the model's logits (`DraftMemory`).
  enum Learning: String, CaseIterable, Encodable, ExpressibleByArgument {
    /// Nothing.
    case off
    /// From each prompt anew.
    case cold
    /// From prompt to prompt.
    case warm
    /// Each prompt begins with what is kept in the cache folder, as tune and earlier runs left it.
    case kept
  }

  struct Plan {
    let settings: [Setting]
    let sampling: SamplingConfiguration
    let maximumTokens: Int
    /// Times that each prompt is decoded in each way; of its times the median counts.
    let rounds: Int
    /// What passes take on a simulated clock; nil where they are timed.
    let clock: CostCurve?

    func use(for tasks: [Task], contextLength: Int) -> ModelUse {
      let longest = tasks.map(\.tokens.count).max() ?? 0
      let pass = tasks.isEmpty ? 0 : settings.reduce(1) { max($0, $1.lookahead.largestPass) }
      return .decoding(
        prompt: longest, maximumTokens: maximumTokens, contextLimit: contextLength,
        prefillChunk: PassTimer.prefillChunk, pass: pass)
    }
  }

  private let model: LlamaModel
  private let plan: Plan
  private var results: [[PromptResult]]
  /// Of each setting, learnt from the prompts before, as in a program that goes on running.
  private var stepCosts: [StepCost]
  /// Of each setting; nil where it learns nothing.
  private var memories: [DraftMemory?]

  /// - Parameter keptMemory: for `Learning.kept`.
  init(
    model: LlamaModel, plan: Plan, stepCost: StepCost = StepCost(),
    keptMemory: DraftMemory = DraftMemory()
  ) {
    self.model = model
    self.plan = plan
    results = plan.settings.map { _ in [] }
    stepCosts = plan.settings.map { _ in stepCost }
    memories = plan.settings.map {
      switch $0.learning {
      case .off: nil
      case .cold, .warm: DraftMemory()
      case .kept: keptMemory
      }
    }
  }

  var reports: [SettingReport] {
    zip(plan.settings, results).map { SettingReport($0, results: $1) }
  }

  static func tasks(_ prompts: [BenchPrompt], _ opened: OpenedModel) throws -> [Task] {
    try prompts.map { prompt in
      do {
        let tokens = try opened.continuableTokens(of: prompt.asPrompt)
        return Task(
          prompt: prompt, tokens: tokens, endTokens: try opened.endTokens(isChat: prompt.chat))
      } catch {
        let reason = "\(error)"
        throw CommandError(
          "The prompt \(prompt.id.onOneLine) cannot be used: "
            + "\(reason.hasSuffix(".") ? String(reason.dropLast()) : reason).")
      }
    }
  }

  /// Decodes prompts until a signal ends it; a prompt that was not decoded in all settings is dropped.
  mutating func measure(_ tasks: [Task], progress: StatusLine) throws {
    for (number, task) in tasks.enumerated() {
      let finished = try measure(task, number: number) { name in
        progress.say("Prompt \(number + 1) of \(tasks.count), \(task.prompt.id): \(name) …")
      }
      if !finished { return }
    }
  }

  /// Decodes one prompt plainly and in each setting. Which comes first changes with prompt and round,
  /// so that a temporary slowdown affects all of them.
  private mutating func measure(_ task: Task, number: Int, say: (String) -> Void) throws -> Bool {
    let ways = plan.settings.count + 1
    // First those of plain decoding, then each setting's.
    var runs: [[GenerationRun]] = Array(repeating: [], count: ways)
    for turn in 0..<ways * plan.rounds {
      if Interruption.signal != nil { return false }
      // The first of the first prompt is plain decoding.
      let way = (turn + turn / ways + number) % ways
      let setting = way == 0 ? nil : way - 1
      say(setting.map { plan.settings[$0].name } ?? "plain")
      let run = try decode(task, setting)
      if run.isCut { return false }
      runs[way].append(run)
    }
    for index in results.indices {
      if let result = PromptResult(task.prompt, lookahead: runs[index + 1], plain: runs[0]) {
        results[index].append(result)
      }
    }
    return true
  }

  /// - Parameter setting: the index of one; nil for plain decoding.
  private mutating func decode(_ task: Task, _ setting: Int?) throws -> GenerationRun {
    guard let curve = plan.clock else {
      return try decode(task, setting, with: model, clock: .system)
    }
    let clock = SimulatedClock()
    return try decode(
      task, setting, with: SimulatedModel(model, clock: clock, curve: curve), clock: clock.clock)
  }

  private mutating func decode(
    _ task: Task, _ setting: Int?, with model: some CausalLanguageModel, clock: PassClock
  ) throws -> GenerationRun {
    let settings = try SessionSettings(
      lookahead: setting.map { plan.settings[$0].lookahead }, sampling: plan.sampling)
    var decoder: any Decoder = try settings.makeDecoder(
      for: model, memory: setting.flatMap { memories[$0] },
      stepCost: setting.map { stepCosts[$0] } ?? StepCost(), clock: clock)
    let stop = StopRules(endTokens: task.endTokens, maximumTokens: plan.maximumTokens)
    let run = try GenerationRun(
      &decoder, prompt: task.tokens, stop: stop, digestsLogits: true, clock: clock)
    if let setting {
      if let learnt = decoder.stepCost { stepCosts[setting] = learnt }
      if plan.settings[setting].learning == .warm { memories[setting] = decoder.draftMemory }
    }
    return run
  }
}
