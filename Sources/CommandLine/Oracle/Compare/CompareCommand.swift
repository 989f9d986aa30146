import ArgumentParser
import Files
import Llama
import Oracle
import Session

struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Compare hidden states and logits of two programs, and tell rounding from bugs.",
    discussion: """
      A is the side that is trusted, best a trace that was written with --reference; B is what \
      another program computed. Each is a trace's folder, a safetensors file (tensors hidden.0, \
      hidden.1, ..., attention.1, ..., logits), NumPy's .npy, the file that llama.cpp's perplexity \
      tool writes for --save-all-logits, or JSON with the logprobs of OpenAI's completions.

      Examples:
        lookahead compare trace mine.safetensors
        lookahead compare trace mine.safetensors --precision bf16 --html report.html
        lookahead compare trace logits.npy --precision int8
        lookahead compare trace logits.npy --atol 1e-3 --top-k 5
        lookahead compare trace logits.kld --tensors logits --json

      Without --atol and --rtol, A and B agree if rounding explains every difference; \
      docs/comparing.md says how that is judged. Exit status: 0 they agree, 1 they do not, 2 bad \
      input.
      """)

  @Argument(help: ArgumentHelp("The recording that is trusted.", valueName: "a"))
  var a: String

  @Argument(help: ArgumentHelp("The recording that is checked.", valueName: "b"))
  var b: String

  @OptionGroup(title: "Agreement") var agreement: AgreementOptions

  @Option(
    help: ArgumentHelp(
      "A float32 run of the passes of A, where A was written with --reference: says what rounding "
        + "does to this model.", valueName: "path"))
  var float32: String?

  @Option(
    name: [.short, .long],
    help: ArgumentHelp("The model, for JSON that names tokens by their text.", valueName: "path"))
  var model: String?

  @Flag(help: "Write one JSON object on one line instead of tables.")
  var json = false

  @Option(help: ArgumentHelp("Write a report with plots into this file.", valueName: "file"))
  var html: String?

  func run() throws {
    try html.map(OutputFile.check)
    let tokenizer = try model.map { path in
      try OpenedModel(path: path).requiredTokenizer()
    }
    let comparison = try RecordingComparer.compare(
      Recording.open(a, tokenizer: tokenizer), Recording.open(b, tokenizer: tokenizer),
      float32: float32.map { try Recording.open($0, tokenizer: tokenizer) },
      settings: agreement.settings)
    if let html { try Markup.write(ComparisonPage(comparison: comparison).html, to: html) }
    try Console.write(
      comparison, asJSON: json, lines: ComparisonText(comparison: comparison).lines)
    if !comparison.agrees { throw ExitStatus.checkFailed }
  }
}
