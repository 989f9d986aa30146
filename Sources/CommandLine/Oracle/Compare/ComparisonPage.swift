import Oracle

/// The report of `lookahead compare` as one HTML page that needs nothing else: no script, no style
/// sheet, no image from elsewhere. It is well-formed XML too.
struct ComparisonPage {
  let comparison: RecordingComparison

  var html: String {
    let name = "Comparison of \(Self.file(comparison.a.path)) and \(Self.file(comparison.b.path))"
    let text = ComparisonText(comparison: comparison)
    let outcome = comparison.agrees ? "They agree." : "They do not agree."
    let verdict = Markup.element(
      "p", ["class": "verdict \(comparison.agrees ? "good" : "bad")"],
      [Markup.element("strong", text: outcome), comparison.sentence.escapedForXML])
    var content = [Markup.element("h1", text: name), verdict, Markup.list(text.sides)]
    if !comparison.discrete.isEmpty {
      content += [
        Markup.element("h2", text: "Tokens, masks and choices"),
        Markup.list(comparison.discrete.map(\.sentence)),
      ]
    }
    if !comparison.tensors.isEmpty {
      content +=
        plots + [
          Markup.element("h2", text: "Tensors"),
          Markup.table(
            "Absolute differences; ulps are those of float32.",
            header: ComparisonText.header(comparison), rows: text.rows),
        ]
    }
    if !text.logits.isEmpty {
      content += [Markup.element("h2", text: "Next token"), Markup.list(text.logits)]
    }
    let head = [
      Markup.element("meta", ["charset": "utf-8"]),
      Markup.element(
        "meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"]),
      Markup.element("title", text: name),
      Markup.element("style", [:], [Chart.style + "\n" + Self.style]),
    ]
    let page = Markup.element(
      "html", ["lang": "en", "xmlns": "http://www.w3.org/1999/xhtml"],
      [
        Markup.element("head", [:], head),
        Markup.element("body", [:], [Markup.element("main", [:], content)]),
      ])
    return "<!DOCTYPE html>\n\(page)\n"
  }

  private static func file(_ path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }

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
      plot.svg.map {
        [Markup.element("h2", text: plot.title), Markup.element("figure", [:], [$0])]
      } ?? []
    }
  }

  /// The style of all but the charts.
  private static let style = """
    :root { color-scheme: light dark; --line: #d8dde3; }
    body { background: #ffffff; color: #1f2328; font: 16px/1.5 sans-serif; margin: 0; }
    main { max-width: 60rem; margin: 0 auto; padding: 1rem; }
    h1 { font-size: 1.4rem; overflow-wrap: anywhere; }
    h2 { font-size: 1.1rem; margin-top: 2rem; }
    li { overflow-wrap: anywhere; }
    .verdict { border-left: 0.4rem solid; padding: 0.5rem 1rem; }
    .good { border-color: #1a7f37; }
    .bad { border-color: #cf222e; }
    .wide { overflow-x: auto; }
    table { border-collapse: collapse; font-size: 0.9rem; }
    caption { text-align: left; }
    th, td { border-bottom: 1px solid var(--line); padding: 0.2rem 0.8rem 0.2rem 0;
      text-align: right; }
    th:first-child { text-align: left; }
    figure { margin: 0; }
    svg { width: 100%; height: auto; }
    @media (prefers-color-scheme: dark) {
      :root { --line: #2a313a; }
      body { background: #0d1117; color: #e6edf3; }
      .good { border-color: #3fb950; }
      .bad { border-color: #f85149; }
    }
    """
}
