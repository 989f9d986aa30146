/// A table for people: the first column flush left, the others flush right.
struct TextTable {
  private let lines: [[String]]

  /// Each row has as many cells as the header. Cells may be names that files brought with them.
  init(_ header: [String], _ rows: [[String]]) {
    lines = ([header] + rows).map { $0.map(\.onOneLine) }
  }

  /// All lines, the header first, two spaces between columns.
  var text: [String] {
    let columns = lines.map(\.count).max() ?? 0
    let widths = (0..<columns).map { column in
      lines.map { $0.indices.contains(column) ? $0[column].count : 0 }.max() ?? 0
    }
    return lines.map { cells in
      cells.enumerated().map { column, cell in
        let space = String(repeating: " ", count: widths[column] - cell.count)
        return column == 0 ? cell + space : space + cell
      }.joined(separator: "  ")
    }
  }
}

extension [(name: String, text: String)] {
  /// Names in a column of their own, texts beside them.
  var inColumns: [String] {
    let width = map(\.name.count).max() ?? 0
    return map { $0.name + String(repeating: " ", count: width + 2 - $0.name.count) + $0.text }
  }
}

extension Double? {
  /// With the given number of places behind the point, or a dash.
  func rounded(toPlaces places: Int) -> String {
    map { $0.rounded(toPlaces: places) } ?? "-"
  }

  /// A share as a percentage, or a dash.
  var asPercentage: String { map { ($0 * 100).rounded(toPlaces: 0) + "%" } ?? "-" }
}
