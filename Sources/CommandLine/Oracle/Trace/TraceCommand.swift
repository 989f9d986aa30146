import ArgumentParser
import Foundation
import Llama
import Lookahead
import Oracle
import Session

struct TraceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "trace",
    abstract: "Make a text and write down every pass, to check another program against.",
    discussion: """
      Makes a folder with trace.json, which has for every pass its rows, what they see, and what \
      was decided; and for every pass a safetensors file with its logits and, if asked for, hidden \
      states and attention weights. docs/trace-format.md explains every field.

      Examples:
        lookahead trace -p "Name three rivers." -n 16 --out rivers
        lookahead trace --prompt-ids 1,2,3 -n 4 --plain --layers --attention 1,2 --out small
        lookahead trace -p "Name a river." -n 4 --reference --out truth

      A trace can be repeated: the same model, prompt and options make the same bytes. So the \
      schedule is fixed, since the automatic one goes by the time that passes take; and the file of \
      --pool-cache, which no trace holds, cannot be used.
      """)

  @OptionGroup(title: "Trace") var output: TraceOutputOptions
  @OptionGroup(title: "Trace") var tensors: TensorOptions

  @Flag(help: "Write the logits of all rows, not only of those that decide something.")
  var allLogits = false

  @Flag(help: "Make one token a pass, as --decoding autoregressive does.")
  var plain = false

  @OptionGroup(title: "Prompt") var prompt: PromptOptions
  @OptionGroup(title: "Model") var model: ModelOptions
  @OptionGroup(title: "Decoding") var decoding: DecodingOptions
  @OptionGroup(title: "Sampling") var sampling: SamplingOptions
  @OptionGroup(title: "Execution") var execution: ExecutionOptions

  func validate() throws {
    if decoding.lookahead.schedule == .auto {
      throw ValidationError(
        "The automatic schedule goes by the time that passes take, so it cannot be traced.")
    }
    if decoding.poolCache != nil {
      throw ValidationError(
        "A trace does not hold the texts of --pool-cache, so it cannot be used.")
    }
    if decoding.decoding == .jacobi {
      throw ValidationError(
        "A trace has no rows of Jacobi decoding; generate --decoding jacobi --compare checks it.")
    }
    if plain { try decoding.lookahead.refuseRows("--plain makes one token a pass") }
    if tensors.reference { try execution.checkReference() }
  }

  func run() throws {
    let prompt = try prompt.read()
    // What can be refused is refused before the weights are read.
    try TraceFolder.check(output.out, replacing: output.force)
    let opened = try model.open()
    let selection = tensors.selection(allLogits: allLogits)
    try selection.check(for: opened.checkpoint.configuration)
    let promptIDs = try opened.tokens(of: prompt)
    let settings = try self.settings(sampling.configuration(seed: sampling.chooseSeed()))
    let stop = try settings.stopRules(for: opened, isChat: prompt.isChat)
    let use = try settings.use(of: opened.checkpoint, prompt: promptIDs.count)
    let (recorder, run) = try tensors.withModel(
      opened, execution, use: use, showing: selection
    ) {
      model -> (TraceRecorder, GenerationRun) in
      // It takes a digest of all weights, which is no work for a model that does not fit.
      let header = try self.header(opened, prompt: promptIDs, settings)
      // While the folder is there under its other name, no signal may end the program at once.
      return try Interruption.heeding {
        let recorder = try TraceRecorder(
          header, to: output.out, replacing: output.force)
        var decoder = try makeDecoder(model, selection, recorder, settings)
        let run = try GenerationRun(
          &decoder, prompt: promptIDs, stop: stop, digestsLogits: output.json)
        try recorder.finish(run.result)
        return (recorder, run)
      }
    }
    let tokens = run.result.tokens.count.counted("token")
    let passes = recorder.passes.counted("pass", plural: "passes")
    try output.report("\(tokens) in \(passes)", recorder, run)
    if let signal = Interruption.signal { throw ExitStatus.interrupted(by: signal) }
  }

  /// The options of decoding, with the schedule of traces.
  private func settings(_ sampling: SamplingConfiguration) throws -> SessionSettings {
    var decoding = decoding
    decoding.lookahead.schedule = .fixed
    if plain { decoding.decoding = .autoregressive }
    return try decoding.settings(sampling)
  }

  private func header(
    _ opened: OpenedModel, prompt: [TokenID], _ settings: SessionSettings
  ) throws -> TraceHeader {
    TraceHeader(
      producer: .thisProgram, model: try opened.traceModel(), arithmetic: tensors.arithmetic,
      kvCache: execution.cacheFormat, decoder: settings.lookahead == nil ? .plain : .lookahead,
      lookahead: settings.lookahead.map(TraceLookahead.init),
      sampling: TraceSampling(settings.sampling), prompt: prompt)
  }

  private func makeDecoder(
    _ model: some InspectableModel, _ selection: TensorSelection, _ recorder: TraceRecorder,
    _ settings: SessionSettings
  ) throws -> any Decoder {
    try settings.makeDecoder(
      for: TracedModel(model, showing: selection, to: recorder), observer: recorder)
  }
}
