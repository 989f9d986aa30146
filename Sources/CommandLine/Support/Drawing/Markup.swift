import Files

/// Elements of XML, in which HTML pages and SVG charts are written.
enum Markup {
  /// Writes the whole file or nothing: a reader never finds half a chart.
  static func write(_ text: String, to path: String) throws {
    try Interruption.finishing { try OutputFile.replace(path, with: Array(text.utf8)) }
  }

  /// - Parameters:
  ///   - attributes: escaped here, written in this order.
  ///   - content: markup, one line each; nothing makes the element empty.
  static func element(
    _ name: String, _ attributes: KeyValuePairs<String, String> = [:], _ content: [String]? = nil
  ) -> String {
    let fields = attributes.map { " \($0)=\"\($1.escapedForXML)\"" }.joined()
    guard let content else { return "<\(name)\(fields)/>" }
    let inner = content.joined(separator: "\n")
    return "<\(name)\(fields)>\(content.count > 1 ? "\n\(inner)\n" : inner)</\(name)>"
  }

  static func element(
    _ name: String, _ attributes: KeyValuePairs<String, String> = [:], text: String
  ) -> String { element(name, attributes, [text.escapedForXML]) }

  static func list(_ items: [String]) -> String {
    element("ul", [:], items.map { element("li", text: $0) })
  }

  /// An HTML table that may be wider than the page; the first cell of a row is its heading.
  static func table(_ caption: String, header: [String], rows: [[String]]) -> String {
    let head = header.map { element("th", ["scope": "col"], text: $0) }.joined()
    let body = rows.map { cells in
      let cells = cells.enumerated().map { index, cell in
        index == 0 ? element("th", ["scope": "row"], text: cell) : element("td", text: cell)
      }
      return element("tr", [:], [cells.joined()])
    }
    let table = element(
      "table", [:],
      [
        element("caption", text: caption), element("thead", [:], [element("tr", [:], [head])]),
        element("tbody", [:], body),
      ])
    return element("div", ["class": "wide"], [table])
  }
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
