import Tensor
import TestSupport
import Testing

@testable import Llama

/// The whole forward pass of SmolLM2 against the reference, layer by layer.
///
/// Prints the rows of the table in docs/numerics.md, which has some of them, and compares those of the
/// arithmetics that have the same bits everywhere.
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

  /// Upper bounds of errors: of hidden states and logits in ulps, and of logits alone.
  private static let bounds: [MatrixProductPath: Bounds] = [
    .exact: Bounds(ulps: (1_000, 30), logits: (2e-4, 3e-5)),
    .blas: Bounds(ulps: (1_000, 30), logits: (2e-4, 3e-5)),
    .int16: Bounds(ulps: (1e5, 5_000), logits: (2e-2, 2e-3)),
    .int8: Bounds(ulps: (3e7, 1e6), logits: (3, 0.3)),
  ]

  private struct Bounds {
    let ulps: (largest: Double, mean: Double)
    let logits: (largest: Double, mean: Double)
  }

  @Test("The errors of hidden states and logits are within their bounds, on every path")
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
    var printed: [String] = []
    let report = { (name: String, path: MatrixProductPath, figures: ErrorFigures) in
      let row =
        "| \(path.rawValue) | \(name) | \(scientific(figures.largestTruth)) | \(figures) |"
      print(row)
      printed.append(row)
    }
    print("Hidden states and logits of \(tokens.count) tokens.")

    for path in MatrixProductPath.allCases {
      let bounds = try #require(Self.bounds[path])
      let model = try LlamaModel(checkpoint, path: path, on: Executor(threadCount: 2))
      var cache = model.makeCache()
      let found = try model.forward(
        tokens: tokens, positions: rows, mask: mask, logitRows: rows, cache: &cache
      ) { shown in
        let (layer, hidden) = (shown.layer, shown.hidden)
        let figures = ErrorFigures(hidden, truth: truth[layer])
        report("after block \(layer)", path, figures)
        #expect(figures.largestUlps < bounds.ulps.largest, "layer \(layer), \(path)")
        #expect(figures.meanUlps < bounds.ulps.mean, "layer \(layer), \(path)")
      }
      let figures = ErrorFigures(found, truth: logits)
      report("logits", path, figures)
      #expect(figures.largest < bounds.logits.largest)
      #expect(figures.mean < bounds.logits.mean)
      // Rounding to 8 bits changes some choices.
      for row in rows where path != .int8 {
        let best = logits[row].indices.max { logits[row][$0] < logits[row][$1] }
        #expect(found.argmax(row: row) == best)
      }
    }
    let documented = try ["exact", "int16", "int8"].flatMap {
      try NumericsPage.rows(startingWith: "\($0) |")
    }
    #expect(documented.count > 7)
    for row in documented { #expect(printed.contains(row), "\(row)") }
  }
}
