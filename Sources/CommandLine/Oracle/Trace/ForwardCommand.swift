import ArgumentParser
import Files
import Foundation
import Llama
import Oracle
import Session

struct ForwardCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "forward",
    abstract: "Run one pass over given tokens, positions and mask, and write down its numbers.",
    discussion: """
      Makes a folder as `lookahead trace` does, with the one pass and, if there are cached tokens, \
      those that read them before. So another program's forward pass can be checked under any mask.

      Examples:
        lookahead forward --tokens 1,2,3 --out causal
        lookahead forward --tokens 5,6,7 --positions 2,3,3 --prefix-tokens 1,2 --mask mask.json \
      --layers --out tree

      A mask is JSON, such as [[1,0,0],[1,1,0],[1,0,1]], or a safetensors file with a tensor named \
      mask: for each row either the rows of the pass that it sees beside all cached tokens, or all \
      cached tokens and rows. Without a mask each row sees all before it and itself.
      """)

  @OptionGroup(title: "Trace") var output: TraceOutputOptions
  @OptionGroup(title: "Trace") var tensors: TensorOptions

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The token of each row, such as 1,2,3.", valueName: "ids"))
  var tokens: TokenIDList

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The position of each row. (default: one after the other, behind the cached tokens)",
      valueName: "positions"))
  var positions: TokenIDList?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("A file that says what each row sees.", valueName: "file"))
  var mask: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The rows whose logits are written, from 0. (default: all)", valueName: "rows"))
  var logitRows: TokenIDList?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Tokens to read before, as a text; they are in the cache then.", valueName: "ids"))
  var prefixTokens = TokenIDList([])

  @OptionGroup(title: "Model") var model: ModelOptions
  @OptionGroup(title: "Execution") var execution: ExecutionOptions

  func validate() throws {
    if tokens.ids.isEmpty { throw ValidationError("A pass needs at least one token.") }
    if tensors.reference { try execution.checkReference() }
  }

  func run() throws {
    // What can be refused is refused before the weights are read.
    try TraceFolder.check(output.out, replacing: output.force)
    let (rows, cached) = (tokens.ids.count, prefixTokens.ids.count)
    let mask = try mask.map { try MaskFile.read($0, rows: rows, cachedCount: cached) }
    let opened = try model.open()
    let selection = tensors.selection()
    try selection.check(for: opened.checkpoint.configuration)
    let pass = GivenPass(
      cached: prefixTokens.ids, tokens: tokens.ids, positions: positions?.ids, mask: mask,
      logitRows: logitRows?.ids)
    let isText = positions == nil && mask == nil
    let use = ModelUse(
      tokens: cached, rows: max(min(cached, GivenPass.chunk), rows), logitRows: rows,
      listedKeys: isText ? 0 : rows.times(cached.adding(rows)))
    let recorder = try tensors.withModel(opened, execution, use: use, showing: selection) {
      model -> TraceRecorder in
      // It takes a digest of all weights, which is no work for a model that does not fit.
      let header = TraceHeader(
        producer: .thisProgram, model: try opened.traceModel(), arithmetic: tensors.arithmetic,
        kvCache: execution.cacheFormat, decoder: .forward, prompt: pass.cached)
      // While the folder is there under its other name, no signal may end the program at once.
      return try Interruption.heeding { try run(pass, on: model, selection, header) }
    }
    let behind = cached == 0 ? "" : " behind \(cached.counted("cached token"))"
    try output.report("a pass of \(rows.counted("row"))\(behind)", recorder)
    if let note = opened.checkpoint.configuration.windowNote { Console.note(note) }
  }

  /// Runs the passes; a signal ends them after the running layer, and then nothing is left.
  private func run(
    _ pass: GivenPass, on model: some InspectableModel, _ selection: TensorSelection,
    _ header: TraceHeader
  ) throws -> TraceRecorder {
    let recorder = try TraceRecorder(header, to: output.out, replacing: output.force)
    let traced = try TracedModel(model, showing: selection, to: recorder) { _ in
      guard let signal = Interruption.signal else { return }
      Interruption.say()
      throw ExitStatus.interrupted(by: signal)
    }
    if let origin = try recorder.run(pass, on: traced) {
      Console.note("Warning: Numbers of the trace are not finite, the first of them in \(origin).")
    }
    return recorder
  }
}
