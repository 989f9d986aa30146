import Llama
import TestSupport

@testable import Lookahead

/// The run of the fixture model that docs/algorithm.md goes through, pass by pass.
struct WorkedExample {
  /// What each pass read and settled, as text.
  private(set) var passes: [String] = []
  /// Tokens of the whole run.
  private(set) var tokens = 0

  static let prompt = "Once upon a time there was a duck."
  static let maximumTokens = 60

  /// Runs W = 3, N = 4, G = 2, the pool being filled by the window alone.
  init() throws {
    guard let tokenizer = try TestModels.checkpoint("tiny-llama").makeTokenizer() else { return }
    let configuration = try LookaheadConfiguration(
      windowSize: 3, ngramSize: 4, candidatesPerToken: 2, poolSources: .window)
    let prompt = tokenizer.encode(Self.prompt, addSpecialTokens: true, parseSpecialTokens: false)
    let stop = StopRules(endTokens: [], maximumTokens: Self.maximumTokens)
    var decoder = try LookaheadDecoder(
      model: TestModels.tinyLlama.get(), selector: GreedySelector(), configuration: configuration)

    // What the pass that is about to run will read: the decoder's next, or the first draw.
    var generator = SplitMix64(seed: configuration.seed)
    var window = LookaheadWindow(configuration, prompt: prompt, using: &generator)
    var current = prompt.last ?? 0
    var tree = CandidateTree()
    var settled = try decoder.start(prompt: prompt)
    while true {
      var rows = (window?.levels ?? []).enumerated().map { level, columns in
        ("level \(level)", level == 0 ? [current] + columns : columns)
      }
      if window?.isWarm == true { rows.append(("frontier", decoder.window?.levels.last ?? [])) }
      rows += tree.candidates.enumerated().map { ("candidate \($0)", $1) }
      rows.append(("settled", settled.tokens))
      passes.append(
        (["pass \(passes.count + 1), \(settled.rows) rows"]
          + rows.map { Self.line($0, $1.map { tokenizer.text(of: $0) ?? "" }) })
          .joined(separator: "\n"))
      tokens += settled.tokens.count
      if tokens >= Self.maximumTokens { return }

      window = decoder.window
      current = decoder.text.last ?? 0
      tree = try decoder.nextCandidates()
      settled = try decoder.step(stop: stop)
    }
  }

  /// A name and pieces of text in quotation marks, in columns.
  private static func line(_ name: String, _ pieces: [String]) -> String {
    let cells = pieces.map { piece in
      "\"" + piece.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\\n")
        + "\""
    }
    let padded = (["  " + name] + cells).enumerated().map { column, cell in
      cell + String(repeating: " ", count: max(1, (column == 0 ? 14 : 10) - cell.count))
    }.joined()
    return String(padded.reversed().drop { $0 == " " }.reversed())
  }
}
