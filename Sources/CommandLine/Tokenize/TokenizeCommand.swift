import ArgumentParser
import Llama
import Session

struct TokenizeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tokenize",
    abstract: "Turn text into token ids, or ids into text.",
    discussion: """
      Examples:
        lookahead tokenize "Hello, world"
        lookahead tokenize --pieces --prompt-file notes.txt
        lookahead tokenize --chat "Who are you?"
        lookahead tokenize --decode 28120,905
      """)

  @OptionGroup var model: ModelOptions

  @Argument(help: "The text.") var text: String?

  @Option(
    name: [.short, .long], parsing: .unconditional,
    help: ArgumentHelp("The text, if it could be taken for an option.", valueName: "text"))
  var prompt: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "A file with the text; - is standard input. One line end at its end is dropped.",
      valueName: "file"))
  var promptFile: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Token ids, such as 1,2,3, to be turned into text.", valueName: "ids"))
  var decode: TokenIDList?

  @Flag(help: "Put the text, as a user's message, into the model's chat template.")
  var chat = false

  @Flag(help: "Leave out the tokens that begin and end every text.")
  var noBos = false

  @Flag(help: "Take the spelling of special tokens for plain text.")
  var noParseSpecial = false

  @Flag(help: "Show each token on a line of its own: id, and what it stands for.")
  var pieces = false

  @Flag(help: "Write one JSON object on one line.")
  var json = false

  func validate() throws {
    if [text != nil, prompt != nil, promptFile != nil, decode != nil].count(where: \.self) != 1 {
      throw ValidationError(
        "Exactly one of a text, --prompt, --prompt-file and --decode is needed.")
    }
    let encoding = [("--no-bos", noBos), ("--no-parse-special", noParseSpecial)]
    if decode != nil { try Self.refuse("--decode makes text", [("--chat", chat)] + encoding) }
    if chat { try Self.refuse("--chat encodes as the chat template demands", encoding) }
  }

  func run() throws {
    let text = try promptFile.map(TextInput.text(ofFile:)) ?? text ?? prompt
    let opened = try model.openText()
    let tokenizer = try opened.requiredTokenizer()
    if let ids = decode?.ids {
      for id in ids where tokenizer.bytes(of: id) == nil {
        throw CommandError(
          "Token id \(id) is outside the tokenizer's vocabulary of \(tokenizer.vocabularySize) tokens."
        )
      }
      try write(ids, decoded: tokenizer.decode(ids, skipSpecialTokens: false), tokenizer)
    } else {
      try write(try ids(of: text ?? "", opened, tokenizer), decoded: nil, tokenizer)
    }
  }

  private func ids(
    of text: String, _ opened: OpenedText, _ tokenizer: Tokenizer
  ) throws -> [TokenID] {
    if chat { return try opened.tokens(of: .message(text, system: nil)) }
    return tokenizer.encode(
      text, addSpecialTokens: !noBos, parseSpecialTokens: !noParseSpecial)
  }

  private func write(_ ids: [TokenID], decoded: String?, _ tokenizer: Tokenizer) throws {
    let pieces = { ids.map { TokenPiece.escaped(tokenizer.bytes(of: $0) ?? []) } }
    if json {
      let text = decoded ?? tokenizer.decode(ids, skipSpecialTokens: false)
      // What the ids decode to, special tokens included.
      try Console.write(json: ["ids": ids, "pieces": pieces(), "text": text] as JSONObject)
    } else if self.pieces {
      for (id, piece) in zip(ids, pieces()) { try Console.write("\(id)\t\"\(piece)\"\n") }
    } else {
      try Console.write((decoded ?? TokenIDList(ids).description) + "\n")
    }
  }
}
