import ArgumentParser

struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Show what is in a model's files.",
    discussion: """
      Architecture, tensors, tokenizer, chat template, memory needed. The weights are not loaded.

      Examples:
        lookahead inspect -m model.gguf
        lookahead inspect -m folder --tensors
        lookahead inspect --json

      sha256 is that of a GGUF file, or of a folder's `cat config.json *.safetensors`.
      """)

  @OptionGroup var model: ModelOptions

  @Flag(help: "List every tensor instead of one line for each format.")
  var tensors = false

  @Flag(help: "Write one JSON object on one line, every tensor included.")
  var json = false

  func run() throws {
    let report = try InspectionReport(model.open())
    let rows = report.summary + (tensors ? [] : report.formatRows) + report.unreadRows
    let lines =
      rows.map { (name: $0.name, text: $0.text.onOneLine) }.inColumns
      + (tensors ? report.tensorLines : [])
    try Console.write(report.json, asJSON: json, lines: lines)
  }
}
