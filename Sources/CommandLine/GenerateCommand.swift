import ArgumentParser
import Foundation
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
    output.noteSetup(opened, model, sampling, promptTokens: promptIDs.count)

    let stop = try decoding.stopRules(
      endTokens: try opened.endTokens(isChat: prompt.isChat), for: opened)
    let costs = try StepCostCache(
      opened, model, environment: ProcessInfo.processInfo.environment)
    let run = try generate(
      model, promptIDs, stop, sampling, tokenizer: opened.tokenizer, earlier: poolCache?.earlier,
      costs: costs)
    try poolCache?.append(run.result.tokens)
    let plain =
      compare && run.signal == nil
      ? try generatePlainly(model, promptIDs, stop, sampling) : nil
    let comparison =
      plain?.signal == nil
      ? plain.map { Comparison(lookahead: run, autoregressive: $0) } : nil

    if output.json {
      let setup = try GenerationReport.Setup(
        opened, model, loadSeconds: loadSeconds, options: decoding, sampling: sampling)
      var report = GenerationReport(run, prompt: promptIDs, stop: stop, setup: setup)
      report.compare = comparison
      try Console.write(json: report)
    } else if let comparison {
      Console.note(comparison.summary)
    }
    if let signal = run.signal ?? plain?.signal { throw ExitStatus.interrupted(by: signal) }
    if let comparison, !comparison.isEqual { throw ExitStatus.checkFailed }
  }

  private func generate(
    _ model: LlamaModel, _ promptIDs: [TokenID], _ stop: StopRules,
    _ sampling: SamplingConfiguration, tokenizer: Tokenizer?, earlier: EarlierTexts?,
    costs: StepCostCache
  ) throws -> GenerationRun {
    var decoder = try decoding.makeDecoder(
      decoding.decoding, for: model, sampling: sampling, earlier: earlier,
      stepCost: output.knownCost(in: costs))
    let run = try output.printing(tokenizer, stopStrings: stop.stopStrings) { onTokens in
      try GenerationRun(
        &decoder, prompt: promptIDs, stop: stop, digestsLogits: compare || output.json,
        onTokens: onTokens)
    }
    try output.keep(decoder.stepCost, in: costs)
    output.noteSummary(run)
    return run
  }

  private func generatePlainly(
    _ model: LlamaModel, _ promptIDs: [TokenID], _ stop: StopRules,
    _ sampling: SamplingConfiguration
  ) throws -> GenerationRun {
    var decoder = try decoding.makeDecoder(
      .autoregressive, for: model, sampling: sampling)
    let run = try GenerationRun(&decoder, prompt: promptIDs, stop: stop, digestsLogits: true)
    if run.signal != nil { Console.note("Plain decoding was interrupted: nothing was compared.") }
    return run
  }
}
