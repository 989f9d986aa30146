import ArgumentParser
import Llama

/// What to answer or continue.
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
    let sources = [prompt != nil, promptFile != nil, promptIds != nil].filter { $0 }.count
    if sources > 1 {
      throw ValidationError("Only one of --prompt, --prompt-file and --prompt-ids can be given.")
    }
    if system != nil, raw || promptIds != nil {
      throw ValidationError(
        "--system needs the chat template, so it cannot be given with --raw or --prompt-ids.")
    }
  }

  /// Whether there is one.
  var isGiven: Bool { prompt != nil || promptFile != nil || promptIds != nil }

  /// A prompt that has been read, but not turned into tokens.
  enum Prompt: Equatable {
    /// The content of a user's message.
    case message(String, system: String?)
    /// Text to continue.
    case raw(String)
    /// Token ids to continue.
    case ids([TokenID])

    /// Whether it goes through the chat template.
    var isChat: Bool { if case .message = self { true } else { false } }
  }

  /// Reads the prompt.
  /// - Throws: `ValidationError` if there is none: in `validate()` this would take the place of what
  ///   the parser says of a mistyped option. `CommandError` if it cannot be read, is not UTF-8 or is
  ///   empty.
  func read() throws -> Prompt {
    if !isGiven {
      throw ValidationError("A prompt is needed: --prompt, --prompt-file or --prompt-ids.")
    }
    if let promptIds { return .ids(promptIds.ids) }
    let text = try promptFile.map(TextInput.text(ofFile:)) ?? prompt ?? ""
    if text.isEmpty { throw CommandError.emptyPrompt }
    return raw ? .raw(text) : .message(text, system: system)
  }
}
