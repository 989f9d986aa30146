import ArgumentParser
import Foundation
import Llama
import Lookahead
import Session

struct OutputOptions: ParsableArguments {
  @Flag(help: "Write one JSON object on one line for each text, instead of the text.")
  var json = false

  @Flag(help: "Say more on standard error.")
  var verbose = false

  /// Runs `body` and writes the tokens that it hands over as text.
  func printing<Result>(
    _ tokenizer: Tokenizer?, stopStrings: StopStrings?,
    _ body: (_ onTokens: @escaping ([TokenID]) throws -> Void) throws -> Result
  ) throws -> Result {
    if json { return try body { _ in } }
    var printer = TokenPrinter(
      tokenizer, stopStrings: stopStrings,
      style: .ofStandardOutput(environment: ProcessInfo.processInfo.environment))
    do {
      let result = try body { try Console.write(printer.text(for: $0)) }
      try Console.write(printer.textAtEnd())
      return result
    } catch let error where printer.hasBegun && !(error is ConsoleError) {
      // The error's line comes after all text.
      try Console.write(printer.textAtEnd())
      throw error
    }
  }

  /// With `--verbose`, says what texts are made with.
  func noteSetup(_ session: TextSession, promptTokens: Int?) {
    for note in session.keptNotes where verbose || note.isWarning { Console.note(note.text) }
    guard verbose else { return }
    let (checkpoint, model) = (session.opened.checkpoint, session.model)
    Console.note(
      "\(checkpoint.formatDescription), \(checkpoint.parameterCount.counted("parameter")), "
        + "\(model.weightBytes.inBytes) in memory")
    Console.note(
      "\(model.path.rawValue) products on \(model.executor.threadCount.counted("thread")) with "
        + "\(model.executor.instructionSet.rawValue) instructions, "
        + "\(model.cacheFormat.rawValue) cache")
    let sampling = session.settings.sampling
    if !sampling.isGreedy { Console.note("tokens drawn with seed \(sampling.seed)") }
    if let promptTokens { Console.note("prompt of \(promptTokens.counted("token"))") }
  }

  func noteSummary(_ run: GenerationRun) {
    guard !json else { return }
    Console.note(run.summary)
    if verbose {
      Console.note(run.distribution)
      if !run.sizes.isEmpty { Console.note(run.sizeList) }
    }
  }
}

extension TextSession {
  /// Saves what was learnt, also if a signal comes meanwhile.
  func saveToTheEnd() throws {
    if let warning = try Interruption.finishing({ try save() }) { Console.note(warning) }
  }
}
