/// The elements of an SVG chart. Coordinates have one decimal.
enum Chart {
  typealias Point = (x: Double, y: Double)

  /// The colours of charts, light and dark; marks and dashes differ too, for those who do not see
  /// the colours.
  static let style = """
    .paper { fill: #ffffff; }
    text { fill: #1f2328; }
    .title { font-size: 16px; font-weight: bold; }
    .quiet, .tick { fill: #59636e; }
    .middle { text-anchor: middle; }
    .end { text-anchor: end; }
    .grid { stroke: #d8dde3; }
    .series, .limit { fill: none; stroke-width: 2; }
    .limit { stroke: #59636e; stroke-width: 1.5; }
    .reading { stroke-dasharray: 8 4; }
    .arithmetic { stroke-dasharray: 2 3; }
    .s0 { stroke: #0969da; }
    .s1 { stroke: #bc4c00; }
    .m0 { fill: #0969da; }
    .m1 { fill: #bc4c00; }
    @media (prefers-color-scheme: dark) {
      .paper { fill: #0d1117; }
      text { fill: #e6edf3; }
      .quiet, .tick { fill: #9198a1; }
      .grid { stroke: #2a313a; }
      .limit { stroke: #9198a1; }
      .s0 { stroke: #58a6ff; }
      .s1 { stroke: #f0883e; }
      .m0 { fill: #58a6ff; }
      .m1 { fill: #f0883e; }
    }
    """

  static func svg(width: Double, height: Double, _ content: [String]) -> String {
    Markup.element(
      "svg",
      [
        "xmlns": "http://www.w3.org/2000/svg", "viewBox": "0 0 \(width.short) \(height.short)",
        "role": "img", "font-family": "sans-serif", "font-size": "13",
      ], content)
  }

  static func text(_ text: String, at place: Point, class: String = "") -> String {
    Markup.element(
      "text", ["x": place.x.inSVG, "y": place.y.inSVG, "class": `class`], text: text)
  }

  static func line(from: Point, to: Point, class: String) -> String {
    Markup.element(
      "line",
      [
        "x1": from.x.inSVG, "y1": from.y.inSVG, "x2": to.x.inSVG, "y2": to.y.inSVG,
        "class": `class`,
      ])
  }

  static func path(_ points: [Point], class: String) -> String {
    let places = points.map { "\($0.x.inSVG),\($0.y.inSVG)" }.joined(separator: " ")
    return Markup.element("polyline", ["points": places, "class": `class`])
  }

  static func rectangle(
    at corner: Point, width: Double, height: Double, class: String, _ content: [String]? = nil
  ) -> String {
    Markup.element(
      "rect",
      [
        "x": corner.x.inSVG, "y": corner.y.inSVG, "width": width.inSVG, "height": height.inSVG,
        "class": `class`,
      ], content)
  }

  /// The mark of series `index`: a disc for the first, a square for the second. With a label it is a
  /// point of the chart, which shows the label as a tooltip.
  static func mark(_ index: Int, at place: Point, label: String? = nil) -> String {
    let title = label.map { [Markup.element("title", text: $0)] }
    let kind = "m\(index)" + (label == nil ? "" : " point")
    if index > 0 {
      return rectangle(
        at: (place.x - 4, place.y - 4), width: 8, height: 8, class: kind, title)
    }
    return Markup.element(
      "circle", ["cx": place.x.inSVG, "cy": place.y.inSVG, "r": "4.5", "class": kind], title)
  }
}

extension Double {
  fileprivate var inSVG: String { rounded(toPlaces: 1) }
}
