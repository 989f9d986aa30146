import ArgumentParser
import Session

struct PromptOptions: ParsableArguments {
  @Option(
    name: [.short, .long], parsing: .unconditional,
    help: ArgumentHelp("The text to answer or, with --raw, to continue.", valueName: "text"))
  var prompt: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "A file with that text; - is standard input. One line end at its end is dropped.",
      valueName: "file"))
  var promptFile: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Token ids to continue, such as 1,2,3; nothing is added to them.", valueName: "ids"))
  var promptIds: TokenIDList?

  @Flag(
    help: """
      Continue the text as it is, without the model's chat template; special tokens in it are \
      recognised.
      """)
  var raw = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "A system message. (default: what the model's chat template has)", valueName: "text"))
  var system: String?

  func validate() throws {
    if [prompt != nil, promptFile != nil, promptIds != nil].count(where: \.self) > 1 {
      throw ValidationError("Only one of --prompt, --prompt-file and --prompt-ids can be given.")
    }
    if raw || promptIds != nil {
      try Self.refuse(
        "\(raw ? "--raw" : "--prompt-ids") goes without the chat template",
        [("--system", system != nil)])
    }
  }

  var isGiven: Bool { prompt != nil || promptFile != nil || promptIds != nil }

  /// - Throws: `ValidationError` if there is none: in `validate()` this would take the place of what
  ///   the parser says of a mistyped option. `CommandError` if it cannot be read, is not UTF-8 or is
  ///   empty.
  func read() throws -> Prompt {
    if !isGiven {
      throw ValidationError("A prompt is needed: --prompt, --prompt-file or --prompt-ids.")
    }
    if let promptIds { return .ids(promptIds.ids) }
    let text = try promptFile.map(TextInput.text(ofFile:)) ?? prompt ?? ""
    if text.isEmpty {
      throw CommandError("The prompt is empty, so there is nothing to answer or to continue.")
    }
    return raw ? .raw(text) : .message(text, system: system)
  }
}
