extension SweepReport {
  /// The conclusion as sentences.
  var words: String {
    let consequence = choicesChangeFrom == nil ? nearness : flip
    let sentences = valuesChangeFrom == nil ? [sameness] : [difference] + agreement + [consequence]
    return (sentences + remainder).joined(separator: " ")
  }

  private var what: String { comparesBits ? "bits" : "listed log-probabilities" }

  private var sameness: String {
    let counts = Self.list(figures.map(\.rows))
    let rows = figures.map(\.compared).min() ?? 0
    if comparesBits {
      return "The engine's arithmetic does not depend on the number of rows: all \(rows) rows have "
        + "the same bits alone and among \(counts)."
    }
    return "Nothing shows that the engine's arithmetic depends on the number of rows: in \(rows) "
      + "rows the listed log-probabilities are the same alone and among \(counts). Bits that were rounded "
      + "off, and tokens that were not listed, may differ."
  }

  private var difference: String {
    var text =
      "The engine's arithmetic depends on the number of rows: \(what) change "
      + Self.place(figures.map { ($0.rows, $0.different > 0) })
    if let worst = figures.max(by: { $0.largest < $1.largest }), let place = worst.largestAt {
      text +=
        ", by at most \(worst.largest.inWords) (row \(place.row) at position \(place.position), token "
        + "\(place.token), among \(worst.rows) rows)"
    }
    if choicesChangeFrom != nil {
      text += "; choices change " + Self.place(figures.map { ($0.rows, !$0.flips.isEmpty) })
    }
    return text + "."
  }

  /// That passes of several rows differ from rows alone, and not from each other.
  private var agreement: [String] {
    let changing = figures.drop { $0.different == 0 }
    guard changing.count > 1, changing.dropFirst().allSatisfy({ $0.differentFromPrevious == 0 })
    else { return [] }
    return ["Passes of \(Self.list(changing.map(\.rows))) have the same \(what)."]
  }

  /// Why no token flips.
  private var nearness: String {
    var text = "No choice changes, so that alone flips no token of this text"
    if let smallestLead {
      text +=
        "; where the two most probable tokens are nearest, they are \(smallestLead.inWords) apart"
    }
    return text + "."
  }

  /// The first token that flips, and what exact arithmetic says of it.
  private var flip: String {
    let flips = figures.compactMap { figures in figures.flips.first.map { (figures.rows, $0) } }
    guard let (rows, flip) = flips.min(by: { $0.1.row < $1.1.row }) else { return "" }
    var text =
      "That alone flips a token of this text: behind position \(flip.position) (row \(flip.row)) token "
      + "\(flip.alone) is the most probable alone, token \(flip.among) among \(rows) rows"
    if let reference = flip.reference {
      text += "; in exact arithmetic they are in places \(reference.placeOfAlone) and "
      text += "\(reference.placeOfAmong)"
      if let margin = reference.margin { text += ", \(margin.magnitude.inWords) apart" }
    }
    return text + "."
  }

  /// What the conclusion does not cover, and a doubt where the engine seems to have read another text.
  private var remainder: [String] {
    var sentences: [String] = []
    if !notRead.isEmpty { sentences.append("Of \(Self.list(notRead)) nothing was written.") }
    // What follows the last row is not in the text.
    if otherThanText * 2 > rowCount - 1 {
      sentences.append(
        "But alone the engine chooses another token than exact arithmetic in \(otherThanText) of "
          + "\(rowCount - 1) rows: check that it runs this model, reads the prefix, and writes for each "
          + "row what follows its token.")
    }
    return sentences
  }

  /// "2, 4 and 8 rows".
  private static func list(_ counts: [Int]) -> String {
    let words = counts.map(String.init)
    guard let last = words.last, words.count > 1 else { return "\(words.first ?? "0") rows" }
    return "\(words.dropLast().joined(separator: ", ")) and \(last) rows"
  }

  /// "from 4 rows on" where that holds from there on, else "among 2 and 8 rows".
  private static func place(_ counts: [(rows: Int, changes: Bool)]) -> String {
    let changing = counts.filter(\.changes).map(\.rows)
    let isRest = counts.drop { !$0.changes }.allSatisfy(\.changes)
    guard isRest, let first = changing.first else { return "among \(list(changing))" }
    return "from \(first) rows on"
  }
}
