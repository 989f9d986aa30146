import ArgumentParser
import Foundation
import Llama
import Lookahead
import Oracle
import Session

struct TraceOutputOptions: ParsableArguments {
  @Option(
    name: [.short, .customLong("out")],
    help: ArgumentHelp("The folder to make.", valueName: "folder"))
  var out: String

  @Flag(help: "Replace the folder if it is a trace, or empty.")
  var force = false

  @Flag(help: "Write one JSON object about the trace to standard output.")
  var json = false

  func validate() throws {
    if out.isEmpty { throw ValidationError("The name of the folder is empty.") }
  }

  /// Says what was written: a sentence on standard error, or JSON on standard output.
  func report(_ subject: String, _ recorder: TraceRecorder, _ run: GenerationRun? = nil) throws {
    guard json else {
      return Console.note("Traced \(subject): \(recorder.bytes.inBytes) in \(out).")
    }
    let report: JSONObject = [
      "folder": out,
      // Those that read the prompt included.
      "passes": recorder.passes,
      // Of all files.
      "bytes": recorder.bytes,
      "output_ids": run?.result.tokens ?? [],
      // Null where no text was made.
      "finish_reason": run?.result.finishReason,
      // Of the float32 little-endian rows of logits behind the output, in order.
      "logits_sha256": run?.digest.hexDigest,
    ]
    try Console.write(json: report)
  }
}

extension OpenedModel {
  func traceModel() throws -> TraceModel {
    TraceModel(
      name: URL(fileURLWithPath: checkpoint.path).lastPathComponent, sha256: try sha256(),
      format: checkpoint.formatDescription, parameters: checkpoint.parameterCount,
      configuration: checkpoint.configuration)
  }
}

extension TraceHeader.Producer {
  static let thisProgram = TraceHeader.Producer(version: ProgramVersion.current)
}
