import Foundation
import Llama

extension Diagnosis {
  /// What happened, as a paragraph.
  /// - Parameter text: how a token is shown; its id where there is no tokenizer.
  public func paragraph(showing text: (TokenID) -> String) -> String {
    ([headline]
      + [
        partingWords(text), deviationWords("plain", plain, text),
        deviationWords("speculative", speculative, text), arithmeticWords, causeWords,
        listedWords("plain", plain), listedWords("speculative", speculative), listedWords, endWords,
        stepWords,
      ].compactMap(\.self)).joined(separator: " ")
  }

  /// The verdict in one sentence.
  public var headline: String {
    switch verdict {
    case .same:
      parting == nil && plain != nil && speculative != nil
        ? "Both texts are the reference's." : "The text is the reference's."
    case .nearTie: "A near tie that rounding decides; no mistake is needed to explain it."
    case .dependsOnRows:
      "The engine's arithmetic depends on the number of rows in a pass: rounding explains both texts, "
        + "but not by the same amount."
    case .bookkeeping: "A bookkeeping mistake: the engine \(cause?.words ?? "errs")."
    case .otherModel:
      "Another model or prompt than the reference's: the engine \(cause?.words ?? "errs")."
    case .notExplained:
      "Not explained: neither rounding nor any mistake that was tried makes these texts."
    }
  }

  private func partingWords(_ text: (TokenID) -> String) -> String? {
    guard plain != nil, speculative != nil else { return nil }
    guard let parting else {
      let counts = [plain?.tokens ?? 0, speculative?.tokens ?? 0]
      return counts[0] == counts[1]
        ? "The plain and the speculative text are the same."
        : "The plain and the speculative text are the same as far as both go, \(counts[0]) and "
          + "\(counts[1]) tokens."
    }
    return "The texts leave each other at token \(parting.index): plain has "
      + "\(parting.other.map(text) ?? "nothing")\(rank(parting.otherRank)), speculative "
      + "\(text(parting.token))\(rank(parting.rank))"
      + (parting.margin.map { "; in the reference they are \($0.magnitude.inLogits) apart" } ?? "")
      + "."
  }

  private func rank(_ rank: Int?) -> String {
    rank.map { $0 == 1 ? " (the reference's)" : " (in place \($0))" } ?? ""
  }

  private func deviationWords(
    _ name: String, _ finding: TextFinding?, _ text: (TokenID) -> String
  ) -> String? {
    guard let finding else { return nil }
    guard let first = finding.firstDeviation else {
      return "The \(name) text follows the reference in all \(finding.tokens) tokens."
    }
    let instead =
      first.other.map {
        "\(text(first.token)) for \(text($0))"
          + (first.margin.map { ", which is \($0.inLogits) likelier" } ?? "")
      } ?? "\(text(first.token)), where the text should have ended"
    return
      "The \(name) text leaves the reference at token \(first.index) with \(instead); in all, the "
      + "reference prefers another token at \(finding.deviations) of its \(finding.tokens) places"
      + (finding.unexplained > 0
        ? ", at \(finding.unexplained) of them by more than rounding explains" : "") + "."
  }

  private var arithmeticWords: String? {
    guard !arithmetics.isEmpty else { return nil }
    let listed = arithmetics.map { "\($0.arithmetic.words) \($0.deviation.inLogits)" }
    var words =
      "Rounding moves a margin between two likely tokens here by (standard deviation) "
      + listed.joined(separator: ", ") + "."
    let fits = [("plain", plain), ("speculative", speculative)].compactMap { name, finding in
      finding?.arithmetic.map { (name, $0.words) }
    }
    if verdict == .nearTie || verdict == .dependsOnRows {
      words +=
        Set(fits.map(\.1)).count == 1
        ? " Rounding as large as that of \(fits[0].1) explains everything."
        : " The plain text fits that of \(fits.first?.1 ?? ""), the speculative one only that of "
          + "\(fits.last?.1 ?? "")."
    }
    return words
  }

  private var causeWords: String? {
    let tried =
      hypothesesTried == 0 ? nil : "\(hypothesesTried) mistakes and ways of drafting were tried"
    guard let cause else {
      guard verdict == .notExplained, let tried else { return nil }
      let best = alternatives.first.map {
        "; the nearest, that the engine \($0.words), makes \($0.explained) of the \($0.deviations) tokens"
      }
      return tried + (best ?? "; none makes any of the tokens") + "." + strangenessWords
    }
    var words =
      "This makes \(cause.explained) of the \(cause.deviations) tokens that the reference does not choose"
    if cause.contradicted > 0 {
      words += " and would have changed \(cause.contradicted) that it does"
    }
    if let drafts = cause.drafts { words += ", with \(drafts)" }
    if let tried { words += "; \(tried)" }
    let close = closeAlternatives
    let others =
      close.isEmpty
      ? ""
      : " Nearly as well fits that the engine " + close.map(\.words).joined(separator: ", or ")
        + "."
    return words + "." + others
  }

  /// Where most tokens are not the reference's, files, prompt and model may not belong together.
  private var strangenessWords: String {
    let isStrange = [plain, speculative].contains { finding in
      finding.map { 2 * $0.deviations > $0.tokens } ?? false
    }
    return isStrange
      ? " Hardly a text after this prompt: check that files, prompt and model belong together." : ""
  }

  /// The mistakes that fit the texts as well as the one that is named.
  var closeAlternatives: [Hypothesis] {
    alternatives.filter { $0.gain > (cause?.gain ?? .infinity) - Self.closeGain }
  }

  /// Mistakes this near to the one that is named, in nats, fit as well.
  private static let closeGain = 3.0

  private var endWords: String? {
    ignoresEndTokens
      ? "The plain text goes on behind an end token, so end tokens were not heeded." : nil
  }

  private func listedWords(_ name: String, _ finding: TextFinding?) -> String? {
    finding?.listedError.map {
      "The log-probabilities listed in the \(name) run are off the reference's by \($0.inLogits) (root mean "
        + "square)."
    }
  }

  private var listedWords: String? {
    guard let difference = listedDifference else { return nil }
    guard difference.isBeyondPrinting else {
      return "The log-probabilities that both runs list for the same places are the same "
        + "(\(difference.compared) compared)."
    }
    return
      "The log-probabilities that both runs list differ by up to \(difference.largest.inLogits) "
      + "before the texts part, from token \(difference.firstIndex ?? 0) on: `lookahead sweep` shows "
      + "from which number of rows on."
  }

  private var stepWords: String? {
    guard let steps else { return nil }
    let faults = [
      ("with an accepted draft that the reference does not choose", steps.wronglyAccepted),
      ("with a rejected draft that it chooses", steps.wronglyRejected),
      ("with another token after the drafts than the reference's", steps.wrongNext),
    ].filter { !$0.1.isEmpty }.map { "\($0.1.count) \($0.0) (the first: step \($0.1[0]))" }
    return "Of \(steps.steps) steps, which accept \(steps.accepted) of \(steps.drafted) drafts"
      + (faults.isEmpty
        ? ", all decide as the reference does." : ": " + faults.joined(separator: ", ") + ".")
  }
}

extension Double {
  /// Three digits, for a difference of logits.
  fileprivate var inLogits: String {
    if self == 0 { return "0" }
    let exponent = Int(log10(magnitude).rounded(.down))
    if !(-3..<4 ~= exponent) { return String(format: "%.1e", self) }
    return String(format: "%.\(max(0, 2 - exponent))f", self)
  }
}
