import ArgumentParser
import Foundation
import Llama
import Lookahead

/// What to write about texts, and how.
struct OutputOptions: ParsableArguments {
  @Flag(help: "Write one JSON object on one line for each text, instead of the text.")
  var json = false

  @Flag(help: "Say more on standard error.")
  var verbose = false

  /// Runs `body`, which hands over tokens as they are settled, and writes them as text.
  func printing<Result>(
    _ tokenizer: Tokenizer?, stopStrings: StopStrings?,
    _ body: (_ onTokens: ([TokenID]) throws -> Void) throws -> Result
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
      // What was held back is shown, and what went wrong is said on a line of its own.
      try Console.write(printer.textAtEnd())
      throw error
    }
  }

  /// With `--verbose`, says what the text is made with.
  func noteSetup(
    _ opened: OpenedModel, _ model: LlamaModel, _ sampling: SamplingConfiguration,
    promptTokens: Int?
  ) {
    guard verbose else { return }
    let checkpoint = opened.checkpoint
    Console.note(
      "\(checkpoint.formatDescription), \(checkpoint.parameterCount.counted("parameter")), "
        + "\(model.weightBytes.inBytes) in memory")
    Console.note(
      "\(model.path.rawValue) products on \(model.executor.threadCount.counted("thread")) with "
        + "\(model.executor.instructionSet.rawValue) instructions")
    if !sampling.isGreedy { Console.note("tokens drawn with seed \(sampling.seed)") }
    if let promptTokens { Console.note("prompt of \(promptTokens.counted("token"))") }
  }

  /// Says what the text took.
  func noteSummary(_ run: GenerationRun) {
    guard !json else { return }
    Console.note(run.summary)
    if verbose {
      Console.note(run.distribution)
      if !run.sizes.isEmpty { Console.note(run.sizeList) }
    }
  }
}
