import Oracle

/// The report of `lookahead compare` as one HTML page that needs nothing else: no script, no style
/// sheet, no image from elsewhere. It is well-formed XML too.
struct ComparisonPage {
  private let comparison: RecordingComparison

  init(_ comparison: RecordingComparison) { self.comparison = comparison }

  var html: String {
    let name = "Comparison of \(Self.file(comparison.a.path)) and \(Self.file(comparison.b.path))"
    var lines = [
      "<!DOCTYPE html>", #"<html lang="en" xmlns="http://www.w3.org/1999/xhtml">"#, "<head>",
      #"<meta charset="utf-8"/>"#,
      #"<meta name="viewport" content="width=device-width, initial-scale=1"/>"#,
      "<title>\(name.escapedForXML)</title>", Self.style, "</head>", "<body>", "<main>",
      "<h1>\(name.escapedForXML)</h1>",
      #"<p class="verdict \#(comparison.agrees ? "good" : "bad")">"#
        + "<strong>\(comparison.agrees ? "They agree." : "They do not agree.")</strong> "
        + "\(comparison.sentence.escapedForXML)</p>",
    ]
    lines += sides + discrete
    if !comparison.tensors.isEmpty { lines += plots + table + distributions }
    return (lines + ["</main>", "</body>", "</html>"]).joined(separator: "\n") + "\n"
  }

  private static func file(_ path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }

  private var sides: [String] {
    let items = [("A", comparison.a), ("B", comparison.b)].map { name, side in
      "<li>\(name): \(side.path.escapedForXML), \(side.kind.words.escapedForXML), "
        + "\(side.passes.counted("pass", plural: "passes"))</li>"
    }
    let only = [("A", comparison.onlyInA), ("B", comparison.onlyInB)].compactMap { name, tensors in
      tensors.isEmpty
        ? nil
        : "<li>Only in \(name): \(tensors.map(\.shown).joined(separator: ", ").escapedForXML)</li>"
    }
    let unpaired =
      comparison.unpairedPasses == 0
      ? [] : ["<li>Passes on one side only: \(comparison.unpairedPasses.grouped)</li>"]
    return ["<ul>"] + items + only + unpaired + ["</ul>"]
  }

  private var discrete: [String] {
    guard !comparison.discrete.isEmpty else { return [] }
    return ["<h2>Tokens, masks and choices</h2>", "<ul>"]
      + comparison.discrete.map { "<li>\($0.sentence.escapedForXML)</li>" } + ["</ul>"]
  }

  // MARK: - Plots

  private var plots: [String] {
    var plots: [ErrorPlot] = []
    let tensors = comparison.tensors
    if tensors.count > 1 {
      plots.append(
        ErrorPlot(
          title: "Differences, tensor by tensor", steps: "tensors, in the order of computation",
          labels: tensors.map { $0.name.shown },
          series: [
            .init(name: "largest difference", values: tensors.map(\.largest)),
            .init(name: "mean difference", values: tensors.map(\.mean)),
          ], scale: .logarithmic))
    }
    if let last = tensors.last {
      let errors = last.rowErrors
      plots.append(
        ErrorPlot(
          title: "Largest difference in \(last.name.shown), row by row",
          steps: errors.rowsPerPoint == 1 ? "rows" : "rows, \(errors.rowsPerPoint) a point",
          labels: errors.points.indices.map { "\($0 * errors.rowsPerPoint)" },
          series: [.init(name: "largest difference", values: errors.points)], scale: .logarithmic))
    }
    for tensor in tensors {
      guard let figures = tensor.distribution else { continue }
      plots.append(
        ErrorPlot(
          title: "The k most probable tokens that A and B have in common",
          steps: "k", labels: figures.topShares.indices.map { "\($0 + 1)" },
          series: [.init(name: "share in common", values: figures.topShares)], scale: .share))
    }
    return plots.flatMap { plot in
      plot.svg.map { ["<h2>\(plot.title.escapedForXML)</h2>", "<figure>", $0, "</figure>"] } ?? []
    }
  }

  // MARK: - Tables

  private var table: [String] {
    let header = [
      "tensor", "rows", "largest", "mean", "largest, ulps", "mean, ulps", "smallest cosine",
      "NaN and infinities in A", "in B", "explained by",
    ]
    let rows = comparison.tensors.map { tensor in
      let counts = tensor.nonFinite
      return [
        tensor.name.shown, tensor.rows.grouped, tensor.largest.inWords, tensor.mean.inWords,
        tensor.largestUlps.inWords, tensor.meanUlps.inWords,
        tensor.smallestCosine.map { $0.rounded(toPlaces: 6) } ?? "-",
        "\(counts.nanInA + counts.infinityInA)", "\(counts.nanInB + counts.infinityInB)",
        tensor.explainedBy?.words ?? "nothing",
      ]
    }
    return ["<h2>Tensors</h2>"]
      + Self.table(
        "Absolute differences; ulps are those of float32.", header: header, rows: rows)
  }

  private var distributions: [String] {
    comparison.tensors.flatMap { tensor -> [String] in
      guard let figures = tensor.distribution else { return [] }
      let rows = [
        ["mean divergence, nats", figures.meanDivergence.inWords],
        ["largest divergence, nats", figures.largestDivergence.inWords],
        ["rows with the same most probable token", "\(figures.sameTop) of \(figures.rows)"],
        ["worst place of B's most probable token in A", "\(figures.worstRankInA)"],
        ["worst place of A's most probable token in B", "\(figures.worstRankInB)"],
        [
          "rows with the same \(figures.topK) most probable tokens",
          "\(figures.sameTopK) of \(figures.rows)",
        ],
      ]
      return ["<h2>Next token</h2>"]
        + Self.table("Of \(tensor.name.shown).", header: ["what", "value"], rows: rows)
    }
  }

  private static func table(_ caption: String, header: [String], rows: [[String]]) -> [String] {
    let head = header.map { #"<th scope="col">\#($0.escapedForXML)</th>"# }.joined()
    let body = rows.map { cells in
      "<tr>"
        + cells.enumerated().map { index, cell in
          index == 0
            ? #"<th scope="row">\#(cell.escapedForXML)</th>"# : "<td>\(cell.escapedForXML)</td>"
        }.joined() + "</tr>"
    }
    return [
      #"<div class="wide"><table>"#, "<caption>\(caption.escapedForXML)</caption>",
      "<thead><tr>\(head)</tr></thead>", "<tbody>",
    ] + body + ["</tbody>", "</table></div>"]
  }
}

extension ComparisonPage {
  /// Colours for light and for dark surroundings. The series differ in their lines too, for those
  /// who do not see the colours.
  fileprivate static let style = """
    <style>
    :root { color-scheme: light dark; --paper: #ffffff; --ink: #1f2328; --quiet: #59636e;
      --grid: #d8dde3; --one: #0969da; --two: #bc4c00; --good: #1a7f37; --bad: #cf222e; }
    @media (prefers-color-scheme: dark) {
      :root { --paper: #0d1117; --ink: #e6edf3; --quiet: #9198a1; --grid: #2a313a; --one: #58a6ff;
        --two: #f0883e; --good: #3fb950; --bad: #f85149; }
    }
    body { background: var(--paper); color: var(--ink); font: 16px/1.5 sans-serif; margin: 0; }
    main { max-width: 60rem; margin: 0 auto; padding: 1rem; }
    h1 { font-size: 1.4rem; overflow-wrap: anywhere; }
    h2 { font-size: 1.1rem; margin-top: 2rem; }
    li { overflow-wrap: anywhere; }
    .verdict { border-left: 0.4rem solid; padding: 0.5rem 1rem; }
    .good { border-color: var(--good); }
    .bad { border-color: var(--bad); }
    .wide { overflow-x: auto; }
    table { border-collapse: collapse; font-size: 0.9rem; }
    caption { text-align: left; color: var(--quiet); }
    th, td { border-bottom: 1px solid var(--grid); padding: 0.2rem 0.8rem 0.2rem 0;
      text-align: right; }
    th:first-child { text-align: left; }
    figure { margin: 0; }
    svg { width: 100%; height: auto; font-size: 12px; }
    text { fill: var(--quiet); }
    .middle { text-anchor: middle; }
    .end { text-anchor: end; }
    .grid { stroke: var(--grid); }
    .s0, .s1 { fill: none; stroke-width: 2; }
    .s0 { stroke: var(--one); }
    .s1 { stroke: var(--two); stroke-dasharray: 6 4; }
    .m0, .l0 { fill: var(--one); }
    .m1, .l1 { fill: var(--two); }
    </style>
    """
}
