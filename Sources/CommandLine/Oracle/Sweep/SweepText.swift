import Llama
import Oracle

/// What `lookahead sweep --read` shows.
struct SweepText {
  let report: SweepReport
  let tokenizer: Tokenizer?

  /// Flips that are shown of each number of rows; JSON has all.
  private static let flipLimit = 4

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
    return ["rows", "compared", values, "row 0", "largest", "other choices"]
  }

  private func cells(_ figures: SweepFigures) -> [String] {
    [
      "\(figures.rows)", figures.compared.grouped, figures.different.grouped,
      figures.differsBehindPrefix.map { $0 ? "differs" : "the same" } ?? "-",
      figures.largest.inWords, figures.flips.count.grouped,
    ]
  }

  private var flips: [String] {
    let lines = report.figures.flatMap { figures in
      figures.flips.prefix(Self.flipLimit).map { line($0, rows: figures.rows) }
        + (figures.flips.count > Self.flipLimit
          ? ["among \(figures.rows) rows: \(figures.flips.count - Self.flipLimit) more"] : [])
    }
    return lines.isEmpty ? [] : [""] + lines
  }

  private func line(_ flip: SweepFlip, rows: Int) -> String {
    var text =
      "among \(rows) rows, row \(flip.row) (position \(flip.position)): \(token(flip.among)) for "
      + token(flip.alone)
    if let lead = flip.leadAlone, let other = flip.leadAmong {
      text += "; \(lead.inWords) below it alone, \(other.inWords) above it among them"
    }
    if let reference = flip.reference {
      text +=
        "; exactly in places \(reference.placeOfAmong) and \(reference.placeOfAlone)"
        + (reference.margin.map { ", \((0 - $0).inWords) above" } ?? "")
    }
    return text
  }

  private func token(_ id: TokenID) -> String {
    guard let bytes = tokenizer?.bytes(of: id) else { return "token \(id)" }
    return "token \(id) \"\(String(decoding: bytes, as: UTF8.self).onOneLine.shown)\""
  }
}
