/// The elements that the chart is made of.
extension StepCostChart {
  /// Colours for light and for dark surroundings; marks and dashes differ too, for those who do not
  /// see the colours.
  static let style = """
    <style>
    .paper { fill: #ffffff; }
    text { fill: #1f2328; }
    .title { font-size: 16px; font-weight: bold; }
    .quiet, .tick { fill: #59636e; }
    .middle { text-anchor: middle; }
    .end { text-anchor: end; }
    .grid { stroke: #e4e7eb; }
    .series, .limit { fill: none; stroke-width: 2; }
    .limit { stroke: #59636e; stroke-width: 1.5; }
    .reading { stroke-dasharray: 8 4; }
    .arithmetic { stroke-dasharray: 2 3; }
    .s0 { stroke: #0969da; }
    .m0 { fill: #0969da; }
    .s1 { stroke: #bc4c00; }
    .m1 { fill: #bc4c00; }
    @media (prefers-color-scheme: dark) {
      .paper { fill: #0d1117; }
      text { fill: #e6edf3; }
      .quiet, .tick { fill: #9198a1; }
      .grid { stroke: #2a313a; }
      .limit { stroke: #9198a1; }
      .s0 { stroke: #58a6ff; }
      .m0 { fill: #58a6ff; }
      .s1 { stroke: #f0883e; }
      .m1 { fill: #f0883e; }
    }
    </style>
    """

  /// A line of text; `class` may be empty.
  static func text(_ text: String, x: Double, y: Double, class: String) -> String {
    #"<text x="\#(x.inSVG)" y="\#(y.inSVG)" class="\#(`class`)">\#(text.escapedForXML)</text>"#
  }

  /// A straight line.
  static func line(
    from: (x: Double, y: Double), to: (x: Double, y: Double), class: String
  ) -> String {
    #"<line x1="\#(from.x.inSVG)" y1="\#(from.y.inSVG)" x2="\#(to.x.inSVG)" "#
      + #"y2="\#(to.y.inSVG)" class="\#(`class`)"/>"#
  }

  /// Straight lines through points.
  static func path(_ points: [(x: Double, y: Double)], class: String) -> String {
    let places = points.map { "\($0.x.inSVG),\($0.y.inSVG)" }.joined(separator: " ")
    return #"<polyline points="\#(places)" class="\#(`class`)"/>"#
  }

  /// The mark of a series: a disc for the first, a square for the second. With words it is a point
  /// of the chart, which says them when it is pointed at.
  static func mark(_ index: Int, at place: (x: Double, y: Double), words: String?) -> String {
    let title = words.map { "<title>\($0.escapedForXML)</title>" } ?? ""
    let kind = "m\(index)" + (words == nil ? "" : " point")
    if index == 0 {
      return #"<circle cx="\#(place.x.inSVG)" cy="\#(place.y.inSVG)" r="4.5" class="\#(kind)">"#
        + "\(title)</circle>"
    }
    return #"<rect x="\#((place.x - 4).inSVG)" y="\#((place.y - 4).inSVG)" width="8" height="8" "#
      + #"class="\#(kind)">\#(title)</rect>"#
  }
}

extension Double {
  /// With one place behind the point.
  fileprivate var inSVG: String { rounded(toPlaces: 1) }
}

extension String {
  /// As text or attribute of an XML document; characters that XML cannot hold become a question
  /// mark.
  var escapedForXML: String {
    var result = ""
    for scalar in unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "\t", "\n", "\r": result += " "
      case "\u{0}"..."\u{1F}", "\u{FFFE}", "\u{FFFF}": result += "?"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
