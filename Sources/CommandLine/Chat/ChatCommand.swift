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
    let poolCache = try decoding.openPoolCache(for: opened)
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
    let costs = try LearntCosts(opened, model, options: decoding, verbose: output.verbose)
    let decoder = try decoding.makeDecoder(
      decoding.decoding, for: model, sampling: sampling, earlier: poolCache?.earlier,
      stepCost: costs.known)
    var state = State(
      conversation: try Conversation(opened: opened, system: system, decoder: decoder),
      setup: setup, costs: costs, poolCache: poolCache)
    try converse(&state)
  }

  /// What goes on from answer to answer.
  private struct State {
    var conversation: Conversation
    /// What reports have in common; none where none are asked for.
    let setup: GenerationReport.Setup?
    var costs: LearntCosts
    var poolCache: PoolCache?
  }

  /// Answers line after line.
  private func converse(_ state: inout State) throws {
    let isTyped = Console.inputIsTerminal && Console.errorIsTerminal
    var lines = LineReader()
    while let line = try nextLine(of: &lines, isTyped: isTyped) {
      switch ChatInput(line) {
      case .exit: return
      case .help: Console.note(ChatInput.commands)
      case .reset:
        state.conversation.reset()
        if isTyped { Console.note("A new conversation begins.") }
      case .unknownCommand(let name):
        Console.note("There is no command \(name). \(ChatInput.commands)")
      case .nothing: break
      case .message(let text):
        do {
          try answer(text, &state)
        } catch let error as CommandError where isTyped {
          // The conversation is as it was, and somebody is there to act on it.
          Console.note("\(error) /reset begins a new one.")
        }
      }
    }
    if isTyped { Console.note("") }
  }

  /// The next line; where somebody typed one that is no text, the one after it.
  private func nextLine(of lines: inout LineReader, isTyped: Bool) throws -> String? {
    while true {
      if isTyped { Console.ask("> ") }
      do {
        return try lines.next()
      } catch CommandError.notText(let name) where isTyped {
        Console.note("\(CommandError.notText(name: name))")
      }
    }
  }

  private func answer(_ text: String, _ state: inout State) throws {
    let prompt = try state.conversation.prompt(with: text)
    let stop = try decoding.stopRules(
      endTokens: state.conversation.endTokens, for: state.conversation.opened)
    // Until the answer is shown and what it taught is kept, a signal ends its making and nothing else.
    try Interruption.heeding { try answer(text, prompt, stop, &state) }
    // Ctrl-C at a terminal means the answer, not the conversation.
    if let signal = Interruption.signal, signal != SIGINT || !Console.inputIsTerminal {
      throw ExitStatus.interrupted(by: signal)
    }
  }

  private func answer(
    _ text: String, _ prompt: [TokenID], _ stop: StopRules, _ state: inout State
  ) throws {
    let reused = state.conversation.decoder.cachedTokens(of: prompt)
    let run = try output.printing(
      state.conversation.opened.tokenizer, stopStrings: stop.stopStrings
    ) { onTokens in
      try GenerationRun(
        &state.conversation.decoder, prompt: prompt, stop: stop, digestsLogits: output.json,
        onTokens: onTokens)
    }
    // A message whose reading was interrupted has not been said.
    if !run.result.tokens.isEmpty {
      try state.conversation.append(
        message: text, answer: run.result.tokens, stopStrings: stop.stopStrings)
    }
    output.noteSummary(run)
    if output.verbose { Console.note("\(reused) of \(prompt.count) tokens were in the cache") }
    if let setup = state.setup {
      var report = GenerationReport(run, prompt: prompt, stop: stop, setup: setup)
      report.turn = state.conversation.answers
      report.reusedTokens = reused
      try Console.write(json: report)
    }
    if state.conversation.isFull {
      Console.note(
        "The context of \(state.conversation.decoder.contextLimit) tokens is full; /reset begins a "
          + "new conversation.")
    }
    try state.costs.keep(state.conversation.decoder.stepCost)
    try state.poolCache?.append(run.result.tokens)
  }
}
