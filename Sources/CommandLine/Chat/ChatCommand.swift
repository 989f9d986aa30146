import ArgumentParser
import Foundation
import Llama
import Lookahead
import Session

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
  @OptionGroup(title: "Execution") var matmul: UsualMatmulOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "A system message. (default: what the model's chat template has)", valueName: "text"))
  var system: String?

  func run() throws {
    sampling.noteUnused()
    let opened = try model.open()
    let settings = try decoding.settings(sampling.configuration(seed: sampling.chooseSeed()))
    // A model without a template is refused before the weights are read.
    _ = try opened.tokens(of: .message("Hello", system: system))
    let session = try opened.session(settings, matmul, execution, promptTokens: nil)
    output.noteSetup(session, promptTokens: nil)
    let chat = Chat(
      conversation: try session.conversation(system: system),
      stopStrings: try settings.stopRules(for: opened, isChat: true).stopStrings,
      model: output.json ? try ModelReport(opened) : nil, output: output)
    try chat.converse()
  }
}

/// A conversation over standard input and output.
private struct Chat {
  let conversation: Conversation
  let stopStrings: StopStrings?
  /// Nil without `--json`.
  let model: ModelReport?
  let output: OutputOptions
  let isTyped = Console.inputIsTerminal && Console.errorIsTerminal

  func converse() throws {
    if isTyped { Console.note(ChatInput.commands) }
    var lines = LineReader()
    while let line = try nextLine(of: &lines) {
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
          try answer(text)
        } catch let error as SessionError where isTyped {
          // The conversation is as it was, and the user can act.
          Console.note("\(error) /reset begins a new one.")
        }
      }
    }
    if isTyped { Console.note("") }
  }

  /// The next line; where one that was typed is not UTF-8, the one after it.
  private func nextLine(of lines: inout LineReader) throws -> String? {
    while true {
      if isTyped { Console.ask("> ") }
      do {
        return try lines.next()
      } catch let error as CommandError where isTyped && error == LineReader.notText {
        Console.note("\(error)")
      }
    }
  }

  private func answer(_ text: String) throws {
    let turn = try conversation.turn(text)
    // Until the answer is shown and what was learnt is saved, a signal ends the answer and nothing else.
    try Interruption.heeding { try answer(turn) }
    // Ctrl-C at a terminal means the answer, not the conversation.
    if let signal = Interruption.signal, signal != SIGINT || !Console.inputIsTerminal {
      throw ExitStatus.interrupted(by: signal)
    }
  }

  private func answer(_ turn: Conversation.Turn) throws {
    let session = conversation.session
    let run = try output.printing(session.opened.tokenizer, stopStrings: stopStrings) { onTokens in
      try GenerationRun(digestsLogits: output.json, onTokens: onTokens) {
        try conversation.answer(turn, onTokens: $0, onProgress: $1)
      }
    }
    let reused = run.text?.reusedTokens ?? 0
    output.noteSummary(run)
    if output.verbose { Console.note("\(reused) of \(turn.tokens.count) tokens were in the cache") }
    if let model {
      var report = run.report(session, model)
      report.append("turn", conversation.answers)
      report.append("reused_tokens", reused)
      try Console.write(json: report)
    }
    if conversation.isFull {
      let limit = session.withDecoder { $0.contextLimit }
      Console.note(
        "The context of \(limit) tokens is full; /reset begins a new conversation.")
    }
    try session.saveToTheEnd()
  }
}
