import Oracle

/// What `lookahead compare` shows on a terminal, and what its page has from it.
struct ComparisonText {
  let comparison: RecordingComparison

  var lines: [String] {
    var lines = sides
    for difference in comparison.discrete { lines.append("different: \(difference.sentence)") }
    if !comparison.tensors.isEmpty {
      let table = TextTable(Self.header(comparison), rows)
      lines += [""] + table.text + logits.map { "\nnext token: \($0)" }
    }
    return lines + ["", comparison.sentence] + outcome
  }

  /// The two sides, and what is not compared.
  var sides: [String] {
    var lines = [("A", comparison.a), ("B", comparison.b)].map { name, side in
      "\(name): \(side.path), \(side.kind.words), \(side.passes.counted("pass", plural: "passes"))"
    }
    if comparison.unpairedPasses > 0 {
      lines.append(
        "compared: \(comparison.passes.counted("pass", plural: "passes")); "
          + "\(comparison.unpairedPasses.grouped) more on one side only")
    }
    if comparison.incomparablePasses > 0 {
      let compared = comparison.passes - comparison.incomparablePasses
      lines.append(
        "numbers compared: those of \(compared.counted("pass", plural: "passes")), up to the first on "
          + "other rows")
    }
    for (name, tensors) in [("A", comparison.onlyInA), ("B", comparison.onlyInB)]
    where !tensors.isEmpty {
      let shown = tensors.prefix(4).map(\.shown).joined(separator: ", ")
      lines.append("only in \(name): \(shown)\(tensors.count > 4 ? " … \(tensors.count)" : "")")
    }
    return lines
  }

  static func header(_ comparison: RecordingComparison) -> [String] {
    [
      "tensor", "rows", "largest", "mean", "ulps", "mean ulps", "cosine", "NaN, inf",
      "rounding of \(comparison.precision.words)",
    ]
  }

  /// A row of the table for each tensor.
  var rows: [[String]] {
    comparison.tensors.map { tensor in
      [
        tensor.name.shown, tensor.rows.grouped, tensor.largest.inWords, tensor.mean.inWords,
        tensor.largestUlps.inWords, tensor.meanUlps.inWords,
        tensor.smallestCosine.map { $0.rounded(toPlaces: 6) } ?? "-", Self.nonFinite(tensor),
        judgement(tensor),
      ]
    }
  }

  /// Of NaN and infinities: how many there are in A and B.
  private static func nonFinite(_ tensor: TensorFigures) -> String {
    let counts = tensor.nonFinite
    let (a, b) = (counts.nanInA + counts.infinityInA, counts.nanInB + counts.infinityInB)
    return a == 0 && b == 0 ? "-" : "\(a) : \(b)"
  }

  /// Whether rounding explains a tensor's differences, and if not, by how much not.
  private func judgement(_ tensor: TensorFigures) -> String {
    if tensor.largest == 0, tensor.nonFinite.different == 0 { return "the same" }
    let times = tensor.timesExplained[comparison.precision.rawValue] ?? 0
    return times <= 1 ? "explains it" : "\(times.inWords) times"
  }

  /// For each tensor of logits how far its next-token distributions are apart.
  var logits: [String] {
    comparison.tensors.compactMap { tensor in
      guard let figures = tensor.distribution else { return nil }
      return "divergence \(figures.meanDivergence.inWords) nats on average, "
        + "\(figures.largestDivergence.inWords) at most; the same most probable token in "
        + "\(figures.sameTop.grouped) of \(figures.rows.counted("row")), at worst in place "
        + "\(figures.worstRankInA) of A and \(figures.worstRankInB) of B; "
        + "\(((figures.topShares.last ?? 1) * 100).rounded(toPlaces: 1))% of the "
        + "\(figures.topShares.count) most probable in common"
        + (figures.unlisted > 0 ? "; not listed in \(figures.unlisted.counted("row"))" : "")
    }
  }

  /// What the exit status says, where it is not the same as the sentence.
  private var outcome: [String] {
    guard let tolerance = comparison.tolerance else { return [] }
    let allowed = "\(tolerance.absolute.inWords) + \(tolerance.relative.inWords)·|a|"
    guard let first = comparison.firstBeyondTolerance else {
      return ["All values are within the tolerance of \(allowed)."]
    }
    return ["Beyond the tolerance of \(allowed): first at \(first.words), column \(first.column)."]
  }
}
