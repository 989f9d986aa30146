import ArgumentParser
import Llama
import Lookahead

/// `lookahead generate`: answers or continues a prompt.
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
  @OptionGroup(title: "Execution") var matmul: MatmulOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  @Flag(
    help: """
      Run plain decoding too and say whether its tokens and logits are the same, and what the \
      speed-up was; the exit status is 1 if they are not.
      """)
  var compare = false

  func validate() throws {
    if compare, decoding.decoding == .autoregressive {
      throw ValidationError("--compare compares with plain decoding, so it needs lookahead.")
    }
  }

  func run() throws {
    let prompt = try prompt.read()
    let opened = try OpenedModel(try model.location())
    let promptIDs = try opened.tokens(of: prompt)
    let use = try decoding.use(of: opened.checkpoint, prompt: promptIDs.count)
    // A bad file is refused before the weights are read.
    var poolCache = try decoding.openPoolCache(for: opened)
    let (model, loadSeconds) = try opened.load(
      path: matmul.matmul, storage: execution.weights, on: execution.makeExecutor(),
      use: use)
    let sampling = try sampling.configuration(seed: sampling.chooseSeed())
    // The digest of a large model takes seconds: it is made while there is no text to lose.
    let setup =
      output.json
      ? try GenerationReport.Setup(
        opened, model, loadSeconds: loadSeconds, options: decoding, sampling: sampling) : nil
    let stop = try decoding.stopRules(
      endTokens: try opened.endTokens(isChat: prompt.isChat), for: opened)
    var costs = try LearntCosts(opened, model, options: decoding, verbose: output.verbose)
    var decoder = try decoding.makeDecoder(
      decoding.decoding, for: model, sampling: sampling, earlier: poolCache?.earlier,
      stepCost: costs.known)
    output.noteSetup(opened, model, sampling, promptTokens: promptIDs.count)

    // From here until everything is said, a signal ends the making of text and nothing else.
    let comparison = try Interruption.heeding { () -> Comparison? in
      let run = try output.printing(opened.tokenizer, stopStrings: stop.stopStrings) { onTokens in
        try GenerationRun(
          &decoder, prompt: promptIDs, stop: stop, digestsLogits: compare || output.json,
          onTokens: onTokens)
      }
      output.noteSummary(run)
      let comparison =
        compare ? try comparePlainly(run, model, promptIDs, stop, sampling) : nil
      if let setup {
        var report = GenerationReport(run, prompt: promptIDs, stop: stop, setup: setup)
        report.compare = comparison
        try Console.write(json: report)
      } else if let comparison {
        Console.note(comparison.summary)
      }
      try costs.keep(decoder.stepCost)
      try poolCache?.append(run.result.tokens)
      return comparison
    }
    if let signal = Interruption.signal { throw ExitStatus.interrupted(by: signal) }
    if let comparison, !comparison.isEqual { throw ExitStatus.checkFailed }
  }

  /// Decodes plainly too, unless a signal came meanwhile, or comes.
  private func comparePlainly(
    _ run: GenerationRun, _ model: LlamaModel, _ promptIDs: [TokenID], _ stop: StopRules,
    _ sampling: SamplingConfiguration
  ) throws -> Comparison? {
    if Interruption.signal == nil {
      var decoder = try decoding.makeDecoder(.autoregressive, for: model, sampling: sampling)
      let plain = try GenerationRun(&decoder, prompt: promptIDs, stop: stop, digestsLogits: true)
      if !plain.isCut { return Comparison(lookahead: run, autoregressive: plain) }
    }
    Console.note("Plain decoding was interrupted: nothing was compared.")
    return nil
  }
}
