import ArgumentParser
import Files
import Foundation
import Llama

@main
struct LookaheadTool: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lookahead",
    abstract: "Runs LLaMA models on the CPU with lookahead decoding.",
    discussion: """
      Several tokens a pass, and exactly the tokens of plain decoding.

      Example:
        lookahead -p "Tell me a story about a lighthouse." -n 200

      Without --model the model of the environment variable LOOKAHEAD_MODEL is used, else the one \
      that scripts/fetch-model.sh fetched, else the small model that comes with the sources. Without \
      --instruction-set the environment variable LOOKAHEAD_ISA names the CPU instructions to use.

      Exit status: 0 done, 1 a check failed, 2 bad input, 64 wrong usage, 130 or 143 interrupted.
      """,
    version: ProgramVersion.current,
    subcommands: [
      GenerateCommand.self, ChatCommand.self, BenchCommand.self, TuneCommand.self,
      TraceCommand.self, ForwardCommand.self, CompareCommand.self, VerifyCommand.self,
      DiagnoseCommand.self, SweepCommand.self, InspectCommand.self, TokenizeCommand.self,
      ForgetCommand.self,
    ],
    defaultSubcommand: GenerateCommand.self)

  static func main() {
    // A reader that goes away is noticed when writing to it fails.
    signal(SIGPIPE, SIG_IGN)
    // Nor does a limit on the size of files end the program before it can say so.
    signal(SIGXFSZ, SIG_IGN)
    Interruption.install()
    do {
      let arguments = try CommandArguments.prepared(Array(CommandLine.arguments.dropFirst()))
      try checkHelp(arguments)
      var command = try parseAsRoot(arguments)
      try command.run()
    } catch {
      exit(with: error)
    }
  }

  /// The parser shows the program's own help for a command that there is not.
  private static func checkHelp(_ arguments: [String]) throws {
    let names = configuration.subcommands.compactMap { $0.configuration.commandName }
    guard arguments.first == "help", let name = arguments.dropFirst().first,
      !name.hasPrefix("-"), !names.contains(name)
    else { return }
    throw ValidationError("There is no command \(OneLine.quoted(name))")
  }

  /// The command that was named; generate, if none was.
  private static var commandName: String {
    let names = configuration.subcommands.compactMap { $0.configuration.commandName }
    return CommandLine.arguments.dropFirst().first.flatMap { first in
      names.first { $0 == first }
    } ?? "generate"
  }

  /// Says in one sentence what went wrong and ends with the status that belongs to it.
  private static func exit(with error: any Error) -> Never {
    switch error {
    case let status as ExitStatus:
      Foundation.exit(status.code)
    case let error as ConsoleError where error.number == EPIPE:
      // As if the signal that other programs get had ended this one.
      Foundation.exit(ExitStatus.interrupted(by: SIGPIPE).code)
    case _ where exitCode(for: error) == .success:
      show(fullMessage(for: error))  // --help and --version
    case _ where exitCode(for: error) == .validationFailure:
      Console.note("lookahead: \(usageSentence(for: error))")
      Foundation.exit(ExitStatus.wrongUsage.code)
    case let error as ChatTemplateError
    where ["generate", "trace", "verify", "sweep"].contains(commandName):
      Console.note(
        "lookahead: \(String("\(error)".dropLast())); a prompt can be passed as it is, without a "
          + "template, with --raw.")
      Foundation.exit(ExitStatus.badInput.code)
    default:
      Console.note("lookahead: \(error)")
      Foundation.exit(ExitStatus.badInput.code)
    }
  }

  /// Writes what was asked for in place of a command and ends.
  private static func show(_ text: String) -> Never {
    do {
      try Console.write(text.hasSuffix("\n") ? text : text + "\n")
    } catch {
      exit(with: error)
    }
    Foundation.exit(ExitStatus.done.code)
  }

  /// The parser's message, with what may have been meant and a pointer to the help of the command.
  private static func usageSentence(for error: any Error) -> String {
    // The parser's hints are sentences of their own.
    var sentence = message(for: error)
    let isUnexpected = sentence.contains("nexpected argument")
    let isUnknown = isUnexpected || sentence.contains("nknown option")
    for (hint, clause) in [
      ("\n", " "), (". Did you mean", " (did you mean"), (". Please provide", "; please provide"),
    ] {
      sentence = sentence.replacingOccurrences(of: hint, with: clause)
    }
    if sentence.hasSuffix("?") { sentence.append(")") }
    if sentence.hasSuffix(".") { sentence.removeLast() }
    if isUnknown,
      let hint = UsageHints.hint(
        Array(CommandLine.arguments.dropFirst()), isUnexpected: isUnexpected)
    {
      // What is known is better than what is spelled alike.
      let parts = sentence.components(separatedBy: " (did you mean")
      sentence = "\(parts[0]); \(hint)"
    }
    return "\(sentence); see lookahead \(commandName) --help."
  }
}
