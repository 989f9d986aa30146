import Llama
import Lookahead

/// Plain and lookahead decoding of prompts, one right after the other.
struct PromptBenchmark {
  /// A prompt with its tokens.
  struct Task {
    let prompt: BenchPrompt
    let tokens: [TokenID]
    let endTokens: Set<TokenID>
  }

  /// How prompts are decoded.
  struct Setting {
    let lookahead: LookaheadConfiguration
    let sampling: SamplingConfiguration
    let maximumTokens: Int
  }

  let model: LlamaModel
  let setting: Setting
  /// What passes cost, as far as the prompts before have shown: as a program that runs on knows it.
  private(set) var stepCost: StepCost

  init(model: LlamaModel, setting: Setting, stepCost: StepCost = StepCost()) {
    self.model = model
    self.setting = setting
    self.stepCost = stepCost
  }

  /// The prompts as tokens.
  /// - Throws: `BenchError.promptRefused` for one that the model cannot be given.
  static func tasks(_ prompts: [BenchPrompt], _ opened: OpenedModel) throws -> [Task] {
    let contextLength = opened.checkpoint.configuration.contextLength
    return try prompts.map { prompt in
      do {
        let tokens = try opened.tokens(of: prompt.asPrompt)
        if tokens.isEmpty { throw LookaheadError.emptyPrompt }
        if tokens.count >= contextLength {
          throw LookaheadError.promptTooLong(tokens: tokens.count, contextLength: contextLength)
        }
        return Task(
          prompt: prompt, tokens: tokens, endTokens: try opened.endTokens(isChat: prompt.chat))
      } catch {
        throw BenchError.promptRefused(id: prompt.id, reason: "\(error)")
      }
    }
  }

  /// Decodes one prompt in both ways; nothing if a signal ended one of them.
  mutating func measure(_ task: Task, lookaheadFirst: Bool) throws -> PromptResult? {
    let selector = SamplingSelector(setting.sampling)
    var runs: [DecodingMethod: GenerationRun] = [:]
    let order: [DecodingMethod] =
      lookaheadFirst ? [.lookahead, .autoregressive] : [.autoregressive, .lookahead]
    for method in order {
      if Interruption.signal != nil { return nil }
      var decoder: any Decoder =
        switch method {
        case .lookahead:
          try LookaheadDecoder(
            model: model, selector: selector, configuration: setting.lookahead,
            stepCost: stepCost)
        case .autoregressive:
          try AutoregressiveDecoder(model: model, selector: selector)
        }
      let stop = StopRules(endTokens: task.endTokens, maximumTokens: setting.maximumTokens)
      let run = try GenerationRun(&decoder, prompt: task.tokens, stop: stop, digestsLogits: true)
      if run.signal != nil { return nil }
      runs[method] = run
      if let learnt = decoder.stepCost { stepCost = learnt }
    }
    guard let lookahead = runs[.lookahead], let plain = runs[.autoregressive] else { return nil }
    return PromptResult(task.prompt, lookahead: lookahead, plain: plain)
  }
}
