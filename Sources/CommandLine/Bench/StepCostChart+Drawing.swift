/// The elements that the chart is made of.
extension StepCostChart {
  /// Colours for light and for dark surroundings; marks and dashes differ too, for those who do not
  /// see the colours.
  static let style = """
    <style>
    svg { --paper: #ffffff; --ink: #1f2328; --quiet: #59636e; --grid: #e4e7eb;
      --first: #0969da; --second: #bc4c00; }
    @media (prefers-color-scheme: dark) {
      svg { --paper: #0d1117; --ink: #e6edf3; --quiet: #9198a1; --grid: #2a313a;
        --first: #58a6ff; --second: #f0883e; }
    }
    .paper { fill: var(--paper); }
    text { fill: var(--ink); }
    .title { font-size: 16px; font-weight: bold; }
    .quiet, .tick { fill: var(--quiet); }
    .middle { text-anchor: middle; }
    .end { text-anchor: end; }
    .grid { stroke: var(--grid); }
    .series, .limit { fill: none; stroke-width: 2; }
    .s0 { stroke: var(--first); }
    .s1 { stroke: var(--second); }
    .limit { stroke: var(--quiet); stroke-width: 1.5; }
    .reading { stroke-dasharray: 8 4; }
    .arithmetic { stroke-dasharray: 2 3; }
    .m0 { fill: var(--first); }
    .m1 { fill: var(--second); }
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
