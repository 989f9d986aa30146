import ArgumentParser
import Llama
import Lookahead
import Session

struct GenerateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "generate",
    abstract: "Answer or continue a prompt.",
    discussion: """
      The text goes to standard output as it is made; after it, one line on standard error says \
      what it took. On a terminal, tokens that arrived several at a time are coloured.

      Examples:
        lookahead generate -p "Tell me a story about a lighthouse." -n 200
        lookahead generate --raw -p "def fibonacci(n):" --json
        lookahead generate -p "Name a river." --temperature 0.7 --top-p 0.9 --seed 1 --stop "."
        echo "Name three rivers." | lookahead generate --prompt-file - --compare

      In --json, model.sha256 is that of a GGUF file, or of a folder's \
      `cat config.json *.safetensors`.
      """)

  @OptionGroup(title: "Prompt") var prompt: PromptOptions
  @OptionGroup(title: "Model") var model: ModelOptions
  @OptionGroup(title: "Decoding") var decoding: DecodingOptions
  @OptionGroup(title: "Sampling") var sampling: SamplingOptions
  @OptionGroup(title: "Execution") var execution: ExecutionOptions
  @OptionGroup(title: "Execution") var matmul: UsualMatmulOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  @Flag(
    help: """
      Run plain decoding too and say whether its tokens and logits are the same, and what the \
      speed-up was; the exit status is 1 if they are not.
      """)
  var compare = false

  @Option(
    help: ArgumentHelp(
      """
      Take --prompt-file for one of JSON Lines, each an object with id, chat and prompt, and make so \
      many of its texts at once: their passes run together, and each is the text that it would be alone.
      """, valueName: "count"))
  var parallel: Int?

  func validate() throws {
    try Self.require(["number of texts at once": parallel])
    if let parallel {
      try Self.require("number of texts at once", parallel, upTo: 256)
      try Self.refuse(
        "--parallel makes several texts", [("--compare", compare), ("--raw", prompt.raw)])
      if prompt.promptFile == nil {
        throw ValidationError("--parallel needs the prompts of a --prompt-file.")
      }
    }
    if decoding.decoding == .autoregressive {
      try Self.refuse("--decoding autoregressive is plain decoding", [("--compare", compare)])
    }
  }

  func run() throws {
    if let parallel { return try runParallel(parallel) }
    let prompt = try prompt.read()
    let opened = try model.open()
    let tokens = try opened.tokens(of: prompt)
    sampling.noteUnused()
    opened.noteDoubledBeginning(tokens)
    let settings = try decoding.settings(sampling.configuration(seed: sampling.chooseSeed()))
    let stop = try settings.stopRules(for: opened, isChat: prompt.isChat)
    let session = try opened.session(settings, matmul, execution, promptTokens: tokens.count)
    // The digest of a large model takes seconds: it is made while there is no text to lose.
    let model = output.json ? try ModelReport(opened) : nil
    output.noteSetup(session, promptTokens: tokens.count)

    // Until everything is said, a signal ends the making of text and nothing else.
    let comparison = try Interruption.heeding { () -> Comparison? in
      let run = try output.printing(opened.tokenizer, stopStrings: stop.stopStrings) { onTokens in
        try GenerationRun(digestsLogits: compare || output.json, onTokens: onTokens) {
          try session.generate(tokens, stop: stop, onTokens: $0, onProgress: $1)
        }
      }
      output.noteSummary(run)
      let comparison = compare ? try comparePlainly(run, session, tokens, stop) : nil
      if let model {
        var report = run.report(session, model)
        if let comparison { report.append("compare", comparison.report) }
        try Console.write(json: report)
      } else if let comparison {
        Console.note(comparison.summary)
      }
      try session.saveToTheEnd()
      return comparison
    }
    try Interruption.check()
    if let comparison, !comparison.agreement.isEqual { throw ExitStatus.checkFailed }
  }

  /// Makes the texts of a file of prompts.
  private func runParallel(_ count: Int) throws {
    let prompts = try PromptFile.read(prompt.promptFile ?? "")
    let opened = try model.open()
    sampling.noteUnused()
    let tokens = try prompts.map { try opened.tokens(of: $0.asPrompt(system: prompt.system)) }
    var settings = try decoding.settings(sampling.configuration(seed: sampling.chooseSeed()))
    settings.textsAtOnce = min(count, prompts.count)
    let stop = try settings.stopRules(for: opened, isChat: prompts.contains { $0.chat })
    let longest = tokens.map(\.count).max() ?? 0
    let session = try opened.session(settings, matmul, execution, promptTokens: longest)
    output.noteSetup(session, promptTokens: nil)
    var run = ParallelRun(session, prompts, output)
    try Interruption.heeding {
      try run.run(tokens, stop: stop)
      try session.saveToTheEnd()
    }
    try Interruption.check()
    if run.failures > 0 { throw ExitStatus.badInput }
  }

  /// Runs plain decoding too.
  /// - Returns: nil if a signal has come, or comes.
  private func comparePlainly(
    _ run: GenerationRun, _ session: TextSession, _ tokens: [TokenID], _ stop: StopRules
  ) throws -> Comparison? {
    if Interruption.signal == nil {
      var settings = session.settings
      settings.lookahead = nil
      settings.jacobi = nil
      var decoder: any Decoder = try settings.makeDecoder(for: session.model)
      let plain = try GenerationRun(&decoder, prompt: tokens, stop: stop, digestsLogits: true)
      if !plain.isCut { return Comparison(run, by: decoding.decoding, autoregressive: plain) }
    }
    Console.note("Plain decoding was interrupted: nothing was compared.")
    return nil
  }
}
