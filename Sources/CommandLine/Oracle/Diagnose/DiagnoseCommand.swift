import ArgumentParser
import Files
import Llama
import Lookahead
import Oracle
import Session
import Tensor

struct DiagnoseCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diagnose",
    abstract: "Say why another engine's text changes with speculation, from its tokens.",
    discussion: """
      Reads what an engine generated greedily after a prompt, without and with speculative decoding, and \
      says what happened: a near tie that rounding decides, an arithmetic that depends on the number of \
      rows, a bookkeeping mistake (which), another model or prompt than meant (which), or that nothing \
      tried explains it (docs/diagnosing.md).

      A text is a JSON list of token ids, ids one a line, or an answer of OpenAI's completions, of vLLM \
      or of llama.cpp's server; the generated tokens only.

      Examples:
        lookahead diagnose -p "Name a river." --plain plain.json --speculative spec.json
        lookahead diagnose --prompt-ids 1,2,3 --plain a.txt --speculative b.txt --precision float32
        lookahead diagnose --raw --prompt-file prompt.txt --speculative spec.json --steps steps.jsonl
        lookahead diagnose -m Q8_0.gguf -p "…" --plain a.json --other-model Q4_K_M.gguf --json

      Exit status: 0 rounding explains everything, 1 it does not, 2 bad input.
      """)

  @OptionGroup(title: "Prompt") var prompt: PromptOptions
  @OptionGroup(title: "Texts") var texts: EngineTextOptions
  @OptionGroup(title: "Drafts") var drafting: DraftingOptions
  @OptionGroup(title: "Model") var model: ModelOptions
  @OptionGroup(title: "Sampling") var sampling: SamplingOptions

  @Option(
    name: [.short, .long],
    help: ArgumentHelp(
      "Threads to compute with. (default: one for each fast core, here \(Processors.fast))"))
  var threads: Int?

  @Flag(help: "Write one JSON object on one line instead of a paragraph.")
  var json = false

  func validate() throws {
    if let threads { try ExecutionOptions.check(threads: threads) }
    if sampling.temperature != 0 {
      throw ValidationError(
        "Only greedy text can be diagnosed: a drawn one depends on the engine's random numbers. Run it "
          + "with temperature 0.")
    }
  }

  func run() throws {
    let prompt = try prompt.read()
    let opened = try model.open()
    let tokens = try opened.continuableTokens(of: prompt)
    let vocabulary = opened.checkpoint.configuration.vocabularySize
    func read(_ path: String?) throws -> EngineOutput? {
      try path.map {
        try EngineOutput.read($0, tokenizer: opened.tokenizer, vocabularySize: vocabulary)
          .withoutPrompt(tokens)
      }
    }
    let (plain, speculative) = (try read(texts.plain), try read(texts.speculative))
    let steps = try drafting.steps.map {
      ($0, try EngineStep.read($0, vocabularySize: vocabulary))
    }
    let executor = Executor(threadCount: threads ?? Processors.fast, instructionSet: .best)
    let use = ModelUse.decoding(
      prompt: tokens.count + max(plain?.tokens.count ?? 0, speculative?.tokens.count ?? 0),
      maximumTokens: 1, contextLimit: opened.checkpoint.configuration.contextLength,
      prefillChunk: tokens.count, pass: 128)
    let model = try opened.load(
      path: .exact, storage: .stored, cacheFormat: .float32, on: executor, use: use
    ).model
    let line = StatusLine()
    defer { line.end() }
    let diagnosis = try Interruption.heeding { () -> Diagnosis in
      var diagnoser = Diagnoser(
        opened.checkpoint, model, prompt: tokens,
        scorer: TextScorer(
          processors: try sampling.configuration(seed: 0).processors,
          ends: try opened.endTokens(isChat: prompt.isChat)))
      diagnoser.otherPrompts = opened.mistakenPrompts(prompt)
      diagnoser.otherModels = texts.otherModel.map { path in
        (path, { try OpenedModel(path: path).load(on: executor, use: use) { _ in } })
      }
      if let rules = drafting.rules { diagnoser.drafting = rules }
      diagnoser.claimed = texts.precision
      diagnoser.onStep = { step in
        line.say("Looking at \(step) …")
        if let signal = Interruption.signal {
          line.end()
          Interruption.say()
          throw ExitStatus.interrupted(by: signal)
        }
      }
      return try diagnoser.diagnose(plain: plain, speculative: speculative, steps: steps)
    }
    line.end()
    try Console.write(
      diagnosis, asJSON: json,
      lines: DiagnosisText(diagnosis: diagnosis, tokenizer: opened.tokenizer).lines)
    switch diagnosis.verdict {
    case .same, .nearTie, .dependsOnRows: break
    case .bookkeeping, .otherModel, .notExplained: throw ExitStatus.checkFailed
    }
  }
}

extension OpenedModel {
  /// The prompts that an engine may have read instead of this one.
  func mistakenPrompts(_ prompt: Prompt) -> [(mistake: ModelMistake, tokens: [TokenID])] {
    guard let tokenizer else { return [] }
    var prompts: [(mistake: ModelMistake, tokens: [TokenID])] = []
    if case .message(let text, let system) = prompt {
      let raw = tokenizer.encode(text, addSpecialTokens: true, parseSpecialTokens: true)
      prompts.append((.noTemplate, raw))
      let messages =
        (system.map { [ChatMessage(role: .system, content: $0)] } ?? [])
        + [ChatMessage(role: .user, content: text)]
      if let template = try? requiredChatTemplate(),
        let tokens = try? tokenizer.encode(messages, with: template, addGenerationPrompt: false)
      {
        prompts.append((.noGenerationPrompt, tokens))
      }
    }
    if let tokens = try? tokens(of: prompt), let beginning = checkpoint.configuration.bosTokenID,
      tokens.first != beginning
    {
      prompts.append((.beginningAdded, [beginning] + tokens))
    }
    return prompts
  }
}
