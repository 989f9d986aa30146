import Tensor
import TestSupport
import Testing

@testable import Llama

/// The whole forward pass of SmolLM2 against the reference, layer by layer.
///
/// Prints the rows of the table in docs/numerics.md, which has some of them, and compares those of the
/// exact path.
@Suite(
  .enabled(if: TestModels.smolLM2Path != nil, "SmolLM2 is not there: make test fetches it"),
  .enabled(if: LongSuite.isRequested, "\(LongSuite.comment)"))
struct ForwardErrorTests {
  static let prompt = """
    The lighthouse keeper wrote everything down: the hour when the lamp was lit, the ships that \
    passed, the colour of the sea. In the evening he read what he had written the year before, and \
    where the two agreed he made a small mark with a pencil. After 31 years there were 4,212 marks. \
    When his daughter took over the lamp, she asked him what they were for. "Nothing," he said, \
    "but look how they lie on the page: in spring they are near each other, and in autumn far apart."
    """

  @Test("The errors of hidden states and logits are within their bounds, on both paths")
  func forwardPass() throws {
    let checkpoint = try Checkpoint.open(try #require(TestModels.smolLM2Path))
    let tokenizer = try #require(try checkpoint.makeTokenizer())
    let tokens = tokenizer.encode(Self.prompt, addSpecialTokens: true, parseSpecialTokens: false)
    let rows = Array(tokens.indices)
    let mask = AttentionMask.causal(cachedCount: 0, queries: rows.count)

    var truth: [[[Double]]] = []
    let reference = try ReferenceModel(checkpoint)
    var cache = reference.makeCache()
    let logits = try reference.forward(
      tokens: tokens, positions: rows, mask: mask, logitRows: rows, cache: &cache
    ) { truth.append($0.hidden) }
    var rowsOfExactPath: [String] = []
    let report = { (name: String, path: MatrixProductPath, figures: ErrorFigures) in
      let row =
        "| \(path.rawValue) | \(name) | \(scientific(figures.largestTruth)) | \(figures) |"
      print(row)
      if path == .exact { rowsOfExactPath.append(row) }
    }
    print("Hidden states and logits of \(tokens.count) tokens.")

    for path in MatrixProductPath.allCases {
      let model = try LlamaModel(checkpoint, path: path, on: Executor(threadCount: 2))
      var cache = model.makeCache()
      let found = try model.forward(
        tokens: tokens, positions: rows, mask: mask, logitRows: rows, cache: &cache
      ) { shown in
        let (layer, hidden) = (shown.layer, shown.hidden)
        let figures = ErrorFigures(hidden, truth: truth[layer])
        report("after block \(layer)", path, figures)
        #expect(figures.largestUlps < 1_000, "layer \(layer), \(path)")
        #expect(figures.meanUlps < 30, "layer \(layer), \(path)")
      }
      let figures = ErrorFigures(found, truth: logits)
      report("logits", path, figures)
      #expect(figures.largest < 2e-4)
      #expect(figures.mean < 3e-5)
      for row in rows {
        let best = logits[row].indices.max { logits[row][$0] < logits[row][$1] }
        #expect(found.argmax(row: row) == best)
      }
    }
    let documented = try NumericsPage.rows(startingWith: "exact |")
    #expect(documented.count > 5)
    for row in documented { #expect(rowsOfExactPath.contains(row), "\(row)") }
  }
}
