import Llama
import Lookahead
import Tensor

/// Finds out why an engine's texts are not the reference's: scores them, measures what rounding does,
/// and tries mistakes one by one.
///
/// Texts are compared by their likelihood. Rounding of a given size makes a token that the reference
/// prefers by a margin m with a known probability; a mistake changes the logits, and so these
/// probabilities. A mistake is named only if it makes the texts likelier than rounding alone by more than
/// the number of mistakes tried could bring by chance (docs/diagnosing.md).
public struct Diagnoser {
  public let checkpoint: Checkpoint
  /// The model on the exact path, with a float32 cache.
  public let model: LlamaModel
  public let prompt: [TokenID]
  public private(set) var scorer: TextScorer
  /// Other prompts that the engine may have read, such as the one without the chat template.
  public var otherPrompts: [(mistake: ModelMistake, tokens: [TokenID])] = []
  /// Other models that the engine may have run.
  public var otherModels: [(path: String, open: () throws -> LlamaModel)] = []
  /// How the engine may draft.
  public var drafting: [DraftRule] = PromptLookup.usual.map { .lookup($0) }
  /// The coarsest arithmetic that the engine can have, if that is known.
  public var claimed: EngineArithmetic?
  /// Called with what is being done; what it throws ends the diagnosis.
  public var onStep: (String) throws -> Void = { _ in }

  private var ignoresEndTokens = false

  public init(
    _ checkpoint: Checkpoint, _ model: LlamaModel, prompt: [TokenID], scorer: TextScorer
  ) {
    self.checkpoint = checkpoint
    self.model = model
    self.prompt = prompt
    self.scorer = scorer
  }

  /// - Parameters:
  ///   - plain: the engine's text without speculation, if there is one.
  ///   - speculative: its text with speculation, if there is one.
  ///   - steps: the steps of the latter.
  /// - Throws: `DiagnosisError` if a text does not fit the model; `LlamaError`, `MemoryError`.
  public func diagnose(
    plain: EngineOutput?, speculative: EngineOutput?,
    steps: (path: String, list: [EngineStep])? = nil
  ) throws -> Diagnosis {
    let texts = [plain, speculative].compactMap(\.self)
    try DiagnosisError.check(texts, prompt: prompt, contextLength: model.contextLength)
    // Plain decoding cannot pass an end token by mistake.
    if plain?.tokens.dropLast().contains(where: scorer.ends.contains) ?? false {
      var heedless = self
      heedless.scorer = TextScorer(processors: scorer.processors)
      heedless.ignoresEndTokens = true
      return try heedless.diagnose(plain: plain, speculative: speculative, steps: steps)
    }
    var findings: [TextFinding] = []
    let scored = try EngineTexts(
      plain: plain.map { try score($0, &findings) },
      speculative: speculative.map { try score($0, &findings) })
    var diagnosis = Diagnosis(
      verdict: .same, cause: nil, alternatives: [], hypothesesTried: 0,
      plain: plain == nil ? nil : findings.first,
      speculative: speculative == nil ? nil : findings.last, parting: scored.parting,
      arithmetics: [], listedDifference: nil, ignoresEndTokens: ignoresEndTokens, steps: nil)
    if let steps, let scores = scored.speculative {
      diagnosis.steps = StepFinding(steps.list, of: scores, path: steps.path)
    }
    let listed = plain.flatMap { plain in speculative.flatMap { ListedDifference(plain, $0) } }
    guard scored.hasDeviations || scored.parting != nil else {
      diagnosis.note(listed)
      return diagnosis
    }

    let rounding = try measure(scored)
    diagnosis.arithmetics = rounding.noises
    diagnosis.complete(with: rounding, of: scored)
    let noises = rounding.noises.filter { isPossible($0.arithmetic, rounding.noises) }
    var trial = HypothesisTrial(texts: scored, noises: noises)
    diagnosis.note(trial.baseline, scored)
    if trial.canNameMistakes, trial.baseline.deviatesBeyondFloat32(scored, noises) {
      try tryModels(&trial, scored)
      try tryBookkeeping(&trial, scored, steps.map(\.list))
    }
    diagnosis.conclude(from: trial)
    diagnosis.note(listed)
    return diagnosis
  }

  private func isPossible(_ arithmetic: EngineArithmetic, _ all: [ArithmeticNoise]) -> Bool {
    guard let claimed, let limit = all.first(where: { $0.arithmetic == claimed }),
      let own = all.first(where: { $0.arithmetic == arithmetic })
    else { return true }
    return own.deviation <= limit.deviation
  }

  private func score(
    _ output: EngineOutput, _ findings: inout [TextFinding]
  ) throws -> [ScoredToken] {
    var listed = ListedLogProbabilities(output.logProbabilities)
    try onStep("the text of \(output.path)")
    let scores = try scorer.score(output.tokens, after: prompt, by: model) {
      listed.compare($0, $1)
    } onPass: {
      try onStep("the text of \(output.path)")
    }
    findings.append(TextFinding(output, scores, listedError: listed.error))
    return scores
  }

  /// Rows of the text that are measured before the place that is contested.
  private static let measuredRows = 24

  /// Measures rounding on the text that all have in common, up to the last place where one leaves it.
  private func measure(_ scored: EngineTexts) throws -> RoundingMeasurer.Result {
    let place = scored.contested
    let text = prompt + scored.common.prefix(place?.index ?? scored.common.count)
    let first = max(0, text.count - Self.measuredRows)
    let rows = Array(first..<text.count)
    let measurer = RoundingMeasurer(checkpoint: checkpoint, exact: model) {
      try onStep("rounding, in \($0)")
    }
    return try measurer.measure(
      text, rows: rows,
      contested: place.flatMap { place in
        place.other.map { (rows.count - 1, place.token, $0) }
      })
  }

  /// Scores the texts by models and prompts that the engine may have run.
  private func tryModels(_ trial: inout HypothesisTrial, _ scored: EngineTexts) throws {
    func attempt(
      _ mistake: ModelMistake, _ prompt: [TokenID], _ model: @autoclosure () throws -> LlamaModel
    ) throws {
      try onStep("whether the engine \(mistake.words)")
      if prompt.isEmpty { return }
      let model = try model()
      guard prompt.count + scored.longest <= model.contextLength,
        model.vocabularySize == self.model.vocabularySize
      else { return }
      try trial.add(
        mistake, plain: scored.plainTokens.map { try scorer.score($0, after: prompt, by: model) },
        speculative: scored.speculativeTokens.map {
          try scorer.score($0, after: prompt, by: model)
        })
    }
    var prompts = otherPrompts
    prompts.append((.firstTokenMissing, Array(prompt.dropFirst())))
    prompts.append((.firstTokenDoubled, prompt.prefix(1) + prompt))
    for other in prompts where other.tokens != prompt {
      try attempt(other.mistake, other.tokens, model)
    }
    let configuration = checkpoint.configuration
    for mistake in ModelMistake.rotations(of: configuration) {
      switch mistake {
      case .ropeBase(let base):
        try attempt(
          mistake, prompt, model.with(ropeBase: base, ropeScaling: configuration.ropeScaling))
      case .linearRopeScaling(let factor):
        try attempt(
          mistake, prompt,
          model.with(ropeBase: configuration.ropeBase, ropeScaling: .linear(factor: factor)))
      default:
        try attempt(
          mistake, prompt, model.with(ropeBase: configuration.ropeBase, ropeScaling: .unscaled))
      }
    }
    for format in ElementFormat.encodable where format != .f32 {
      try attempt(
        .quantisation(format), prompt,
        LlamaModel(checkpoint, path: .exact, requantisedAs: format, on: model.executor))
    }
    for other in otherModels { try attempt(.otherModel(other.path), prompt, other.open()) }
  }

  /// Leads simulated engines with each mistake along the speculative text.
  private func tryBookkeeping(
    _ trial: inout HypothesisTrial, _ scored: EngineTexts, _ steps: [EngineStep]?
  ) throws {
    guard let tokens = scored.speculativeTokens, let first = trial.firstUnexplained else { return }
    let promptCache = try model.read(Array(prompt.dropLast()))
    var rules = drafting
    if let steps { rules = DraftRule.recorded(steps) }
    for mistake in BookkeepingMistake.allCases {
      if mistake == .penaltySeesDrafts, scorer.processors.isEmpty { continue }
      for rule in rules {
        if case .lookup(let lookup) = rule, mistake.needsBranches != (lookup.branches > 1) {
          // With branches other mistakes are tried too, if that is the only rule.
          if rules.count > 1 || mistake.needsBranches { continue }
        }
        try onStep("whether the engine \(mistake.words)")
        var engine = try SimulatedEngine(
          model, scorer, drafts: rule, mistake: mistake, output: tokens, after: prompt,
          promptCache: promptCache)
        while !engine.isFinished {
          try engine.step()
          try onStep("whether the engine \(mistake.words)")
          // A mistake that does not make the first token that needs one is not it.
          if engine.scores.count > first, !trial.explains(engine.scores[first]) { break }
        }
        trial.add(mistake, rule, speculative: engine.isFinished ? engine.scores : nil)
      }
    }
  }
}
