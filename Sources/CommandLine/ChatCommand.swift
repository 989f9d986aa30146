import ArgumentParser
import Foundation
import Llama
import Lookahead

/// `lookahead chat`: a conversation.
struct ChatCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "chat",
    abstract: "Hold a conversation, a line a message.",
    discussion: """
      Messages are lines of standard input. What was said before stays in the cache, so that only \
      what is new is read. /reset begins anew, /exit or the end of the input ends, /help says so. \
      Ctrl-C ends an answer; between answers it ends the program.

      Examples:
        lookahead chat --system "You answer in one sentence."
        lookahead chat --json < questions.txt
      """)

  @OptionGroup(title: "Model") var model: ModelOptions
  @OptionGroup(title: "Decoding") var decoding: DecodingOptions
  @OptionGroup(title: "Sampling") var sampling: SamplingOptions
  @OptionGroup(title: "Execution") var execution: ExecutionOptions
  @OptionGroup(title: "Execution") var matmul: MatmulOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "A system message. (default: what the model's chat template has)", valueName: "text"))
  var system: String?

  func run() throws {
    let opened = try OpenedModel(try model.location())
    // A model without a template is refused before anybody types.
    _ = try opened.tokens(of: .message("Hello", system: system))
    let use = try decoding.use(of: opened.checkpoint, prompt: nil)
    var poolCache = try decoding.openPoolCache(for: opened)
    let (model, loadSeconds) = try opened.load(
      path: matmul.matmul, storage: execution.weights, on: execution.makeExecutor(),
      use: use)
    let sampling = try sampling.configuration(seed: sampling.chooseSeed())
    output.noteSetup(opened, model, sampling, promptTokens: nil)
    let setup =
      output.json
      ? try GenerationReport.Setup(
        opened, model, loadSeconds: loadSeconds, options: decoding, sampling: sampling) : nil
    if Console.inputIsTerminal, Console.errorIsTerminal { Console.note(ChatInput.commands) }
    let costs = try StepCostCache(
      opened, model, environment: ProcessInfo.processInfo.environment)
    var conversation = try Conversation(
      opened: opened, system: system,
      decoder: try decoding.makeDecoder(
        decoding.decoding, for: model, sampling: sampling, earlier: poolCache?.earlier,
        stepCost: output.knownCost(in: costs)))
    let end = Result { try converse(&conversation, setup: setup, poolCache: &poolCache) }
    // However it ended, what was learnt is kept.
    try output.keep(conversation.decoder.stepCost, in: costs)
    try end.get()
  }

  /// Answers line after line.
  private func converse(
    _ conversation: inout Conversation, setup: GenerationReport.Setup?,
    poolCache: inout PoolCache?
  ) throws {
    let isTyped = Console.inputIsTerminal && Console.errorIsTerminal
    var lines = LineReader()
    while true {
      if isTyped { Console.ask("> ") }
      guard let line = try lines.next() else { break }
      switch ChatInput(line) {
      case .exit: return
      case .help: Console.note(ChatInput.commands)
      case .reset:
        conversation.reset()
        if isTyped { Console.note("A new conversation begins.") }
      case .unknownCommand(let name):
        Console.note("There is no command \(name). \(ChatInput.commands)")
      case .nothing: break
      case .message(let text):
        do {
          try answer(text, in: &conversation, setup: setup, poolCache: &poolCache)
        } catch let error as CommandError where isTyped {
          // The conversation is as it was, and somebody is there to act on it.
          Console.note("\(error) /reset begins a new one.")
        }
      }
    }
    if isTyped { Console.note("") }
  }

  private func answer(
    _ text: String, in conversation: inout Conversation, setup: GenerationReport.Setup?,
    poolCache: inout PoolCache?
  ) throws {
    let prompt = try conversation.prompt(with: text)
    let reused = conversation.decoder.cachedTokens(of: prompt)
    let stop = try decoding.stopRules(
      endTokens: conversation.endTokens, for: conversation.opened)
    let run = try output.printing(
      conversation.opened.tokenizer, stopStrings: stop.stopStrings
    ) { onTokens in
      try GenerationRun(
        &conversation.decoder, prompt: prompt, stop: stop, digestsLogits: output.json,
        onTokens: onTokens)
    }
    // A message whose reading was interrupted has not been said.
    if !run.result.tokens.isEmpty {
      try conversation.append(
        message: text, answer: run.result.tokens, stopStrings: stop.stopStrings)
    }
    try poolCache?.append(run.result.tokens)
    output.noteSummary(run)
    if output.verbose { Console.note("\(reused) of \(prompt.count) tokens were in the cache") }
    if let setup {
      var report = GenerationReport(run, prompt: prompt, stop: stop, setup: setup)
      report.turn = conversation.answers
      report.reusedTokens = reused
      try Console.write(json: report)
    }
    if conversation.isFull {
      Console.note(
        "The context of \(conversation.decoder.contextLimit) tokens is full; /reset begins a new "
          + "conversation.")
    }
    // Ctrl-C at a terminal means the answer, not the conversation.
    if let signal = run.signal, signal != SIGINT || !Console.inputIsTerminal {
      throw ExitStatus.interrupted(by: signal)
    }
  }
}
