import Llama
import Oracle

/// What `lookahead sweep --read` shows.
struct SweepText {
  let report: SweepReport
  let tokenizer: Tokenizer?

  /// Flips that are shown; JSON has all.
  private static let flipLimit = 8

  var lines: [String] {
    let table = TextTable(header, report.figures.map(cells))
    return head + [""] + table.text + flips + ["", report.sentence]
  }

  private var head: [String] {
    var lines = [
      "\(report.folder): \(report.rowCount.counted("row")) behind a prefix of "
        + "\(report.prefixCount.counted("token")), \(report.values)",
      "model: \(report.model.shown)",
    ]
    if report.otherThanText > 0 {
      lines.append(
        "alone, the engine chooses another token than exact arithmetic in "
          + "\(report.otherThanText.counted("row"))")
    }
    return lines
  }

  private var header: [String] {
    let values = report.comparesBits ? "other bits" : "other values"
    return [
      "rows", "compared", values, "than the line before", "row 0", "largest", "other choices",
    ]
  }

  private func cells(_ figures: SweepFigures) -> [String] {
    [
      "\(figures.rows)", figures.compared.grouped, figures.different.grouped,
      figures.differentFromPrevious.grouped,
      figures.differsBehindPrefix.map { $0 ? "differs" : "the same" } ?? "-",
      figures.largest.inWords, figures.flips.count.grouped,
    ]
  }

  /// Rows in which a choice flips, each with the numbers of rows at which it does.
  private var flips: [String] {
    var groups: [(flip: SweepFlip, rows: [Int])] = []
    for figures in report.figures {
      for flip in figures.flips {
        let place = groups.firstIndex {
          ($0.flip.row, $0.flip.alone, $0.flip.among) == (flip.row, flip.alone, flip.among)
        }
        if let place {
          groups[place].rows.append(figures.rows)
        } else {
          groups.append((flip, [figures.rows]))
        }
      }
    }
    groups.sort { $0.flip.row < $1.flip.row }
    let lines = groups.prefix(Self.flipLimit).map { line($0.flip, rows: $0.rows) }
    let rest = groups.count - lines.count
    return lines.isEmpty ? [] : [""] + lines + (rest > 0 ? ["\(rest) more"] : [])
  }

  private func line(_ flip: SweepFlip, rows: [Int]) -> String {
    var text =
      "row \(flip.row) (position \(flip.position)), among "
      + "\(rows.map(String.init).joined(separator: ", ")) rows: \(token(flip.among)) for "
      + token(flip.alone)
    if let lead = flip.leadAlone, let other = flip.leadAmong {
      text += "; alone \(lead.inWords) below it, among them \(other.inWords) above it"
    }
    if let reference = flip.reference {
      text += "; in exact arithmetic in places \(reference.placeOfAmong) and "
      text += "\(reference.placeOfAlone)"
      if let margin = reference.margin {
        text += ", \(margin.magnitude.inWords) \(margin < 0 ? "above" : "below") it"
      }
    }
    return text
  }

  private func token(_ id: TokenID) -> String {
    guard let bytes = tokenizer?.bytes(of: id) else { return "token \(id)" }
    return "token \(id) \"\(String(decoding: bytes, as: UTF8.self).onOneLine.shown)\""
  }
}
