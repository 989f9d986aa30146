import Llama
import Lookahead
import Session

/// Lets drafting learn from texts that the model makes.
struct MemoryTraining {
  private(set) var memory: DraftMemory
  private(set) var texts = 0
  private var stepCost: StepCost

  /// Of each text at most.
  static let tokens = 128

  init(memory: DraftMemory, stepCost: StepCost) {
    (self.memory, self.stepCost) = (memory, stepCost)
  }

  /// Makes a text of each prompt until a signal ends it. A prompt that the model's context has no room for
  /// is left out.
  mutating func run(
    _ prompts: some Collection<Prompt>, _ opened: OpenedModel, _ model: LlamaModel
  ) throws {
    let progress = StatusLine()
    defer { progress.end() }
    let settings = try SessionSettings()
    for (number, prompt) in prompts.enumerated() {
      if Interruption.signal != nil { return }
      progress.say("Learning from text \(number + 1) of \(prompts.count) …")
      let tokens = try opened.tokens(of: prompt)
      guard tokens.count < model.contextLength else { continue }
      var decoder = try settings.makeDecoder(for: model, memory: memory, stepCost: stepCost)
      let stop = StopRules(
        endTokens: try opened.endTokens(isChat: prompt.isChat), maximumTokens: Self.tokens)
      _ = try decoder.generate(prompt: tokens, stop: stop) { _ in
        Interruption.signal == nil ? .proceed : .cancel
      }
      if let learnt = decoder.draftMemory { memory = learnt }
      if let measured = decoder.stepCost { stepCost = measured }
      texts += 1
    }
  }
}
