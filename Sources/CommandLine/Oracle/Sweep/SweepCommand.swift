import ArgumentParser
import Files
import Llama
import Oracle
import Session

struct SweepCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sweep",
    abstract: "Find out whether an engine's arithmetic depends on the number of rows in a pass.",
    discussion: """
      With --out, makes a folder with sweep.json: a prefix, its continuation as exact arithmetic has it, \
      and the passes of one row, of two, and so on, that read the continuation. The engine under test \
      runs them and writes the logits of all rows of the continuation to rows-1.npy, rows-2.npy, ... \
      beside it; docs/sweep.md has the format, and examples/sweep-an-engine does it for transformers, \
      llama.cpp and servers.

      With --read, says whether bits or choices of tokens change with the number of rows, from which \
      number on, and whether that alone would flip a token of this text.

      Examples:
        lookahead sweep -p "Name three rivers." --out rivers
        lookahead sweep --read rivers
        lookahead sweep --raw -p "Once upon a time" --rows 2,8,64 -n 256 --out story

      Exit status of --read: 0 nothing depends on the number of rows, 1 something does, 2 bad input.
      """)

  @Option(
    name: [.short, .customLong("out")],
    help: ArgumentHelp("Make this folder, with what to send.", valueName: "folder"))
  var out: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Read what an engine wrote into this folder.", valueName: "folder"))
  var read: String?

  @Flag(help: "Write one JSON object on one line.")
  var json = false

  @OptionGroup(title: "What to send") var plan: SweepPlanOptions
  @OptionGroup(title: "Prompt") var prompt: PromptOptions
  @OptionGroup(title: "Model") var model: ModelOptions
  @OptionGroup(title: "Execution") var execution: ExecutionOptions

  func validate() throws {
    if out?.isEmpty == true || read?.isEmpty == true {
      throw ValidationError("The name of the folder is empty.")
    }
    if out != nil, read != nil {
      throw ValidationError("Only one of --out and --read can be given.")
    }
    if read != nil {
      try Self.refuse(
        "--read takes prompt and rows from the folder",
        plan.given + [
          ("--prompt", prompt.prompt != nil), ("--prompt-file", prompt.promptFile != nil),
          ("--prompt-ids", prompt.promptIds != nil), ("--raw", prompt.raw),
          ("--system", prompt.system != nil),
        ])
    }
    try Self.refuse(
      "Exact logits have keys and values in float32",
      [("--kv-cache", execution.givenCacheFormat != nil)])
  }

  func run() throws {
    if let read { return try self.read(read) }
    guard let out else { throw ValidationError("A folder is needed: --out or --read.") }
    try write(out)
  }

  private func write(_ folder: String) throws {
    let prompt = try prompt.read()
    // What can be refused is refused before the weights are read.
    try TraceFolder.check(folder, of: .sweep, replacing: plan.force)
    let opened = try model.open()
    let prefix = try opened.continuableTokens(of: prompt)
    let tokens = try plan.tokens(
      behind: prefix.count, contextLength: opened.checkpoint.configuration.contextLength)
    let use = ModelUse.decoding(
      prompt: prefix.count, maximumTokens: tokens.count,
      contextLimit: opened.checkpoint.configuration.contextLength,
      prefillChunk: SweepReference.chunk, pass: 1)
    let made = try continuation(
      of: prefix, count: tokens.count, by: load(opened, for: use))
    let sweep = try SweepPlan(
      producer: .thisProgram, model: opened.traceModel(), prefix: prefix, continuation: made,
      rows: tokens.rows)
    let bytes = try Interruption.finishing { try sweep.write(to: folder, replacing: plan.force) }
    try SweepPlanText(plan: sweep, folder: folder, bytes: bytes).report(asJSON: json)
  }

  private func continuation(
    of prefix: [TokenID], count: Int, by model: LlamaModel
  ) throws -> [TokenID] {
    let line = StatusLine()
    defer { line.end() }
    return try SweepReference.continuation(of: prefix, count: count, by: model) {
      line.say("Token \($0) of \(count) …")
    }
  }

  private func read(_ folder: String) throws {
    let sweep = try SweepPlan(folder: folder)
    let opened = try model.open()
    let found = try opened.traceModel()
    guard found.sha256 == sweep.model.sha256 else {
      throw SweepError.otherModel(
        expected: sweep.model.name, sha256: sweep.model.sha256, found: found.name,
        foundSHA256: found.sha256)
    }
    var report = try compare(folder, sweep, opened.tokenizer)
    if !report.flippedRows.isEmpty {
      let use = ModelUse(
        tokens: sweep.prefix.count + sweep.continuation.count, rows: SweepReference.chunk,
        logitRows: min(report.flippedRows.count, SweepReference.chunk))
      try report.settle(by: load(opened, for: use), plan: sweep)
    }
    try Console.write(
      report, asJSON: json,
      lines: SweepText(report: report, tokenizer: opened.tokenizer).lines)
    if report.dependsOnRows { throw ExitStatus.checkFailed }
  }

  private func compare(
    _ folder: String, _ sweep: SweepPlan, _ tokenizer: Tokenizer?
  ) throws -> SweepReport {
    let line = StatusLine()
    defer { line.end() }
    return try SweepReader.read(folder, plan: sweep, tokenizer: tokenizer) {
      line.say("Row \($0 + 1) of \(sweep.continuation.count) …")
    }
  }

  /// The model on the exact path.
  private func load(_ opened: OpenedModel, for use: ModelUse) throws -> LlamaModel {
    try opened.load(
      path: .exact, storage: execution.weights, cacheFormat: .float32,
      on: execution.makeExecutor(), use: use
    ).model
  }
}
