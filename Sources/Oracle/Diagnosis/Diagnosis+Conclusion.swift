extension TextFinding {
  init(_ output: EngineOutput, _ scores: [ScoredToken], listedError: Double?) {
    path = output.path
    tokens = output.tokens.count
    firstDeviation = EngineTexts.firstDeviation(scores)
    deviations = scores.deviations.count
    unexplained = 0
    arithmetic = nil
    self.listedError = listedError
  }

  fileprivate mutating func note(_ noise: ArithmeticNoise, _ scores: [ScoredToken]?) {
    arithmetic = noise.arithmetic
    unexplained = scores?.unexplained(byNoise: noise.deviation).count ?? 0
  }
}

extension Diagnosis {
  /// Puts margins in Double where they were computed: at the last place that is contested, whose logits
  /// are the last measured row.
  mutating func complete(with rounding: RoundingMeasurer.Result, of texts: EngineTexts) {
    guard let row = rounding.reference.last, let index = texts.contested?.index else { return }
    func completed(_ place: Place?) -> Place? {
      guard var place, place.index == index, let other = place.other else { return place }
      place.margin = row[other] - row[place.token]
      return place
    }
    let places = (plain?.firstDeviation, speculative?.firstDeviation)
    plain?.firstDeviation = completed(places.0)
    speculative?.firstDeviation = completed(places.1)
    parting = completed(parting)
  }

  mutating func note(_ baseline: HypothesisTrial.Baseline, _ texts: EngineTexts) {
    plain?.note(baseline.plain, texts.plain)
    speculative?.note(baseline.speculative, texts.speculative)
  }

  /// Decides, when everything has been tried.
  mutating func conclude(from trial: HypothesisTrial) {
    hypothesesTried = trial.tried
    let named = trial.named
    alternatives = trial.ranked.map(\.hypothesis).filter {
      $0.explained > 0 && $0.gain > 0 && $0.words != named?.hypothesis.words
    }
    if let named {
      verdict = named.verdict
      cause = named.hypothesis
    } else if (plain?.unexplained ?? 0) + (speculative?.unexplained ?? 0) > 0 {
      verdict = .notExplained
    } else {
      verdict = trial.baseline.differs ? .dependsOnRows : .nearTie
    }
  }

  /// Says that the listed log-probabilities of the same tokens after the same text differ: then the
  /// arithmetic depends on the rows, whatever else is found.
  mutating func note(_ difference: ListedDifference?) {
    listedDifference = difference
    if let difference, difference.isBeyondPrinting, verdict == .nearTie { verdict = .dependsOnRows }
  }
}

/// How far the log-probabilities are apart that the engine listed for the same token after the same
/// text, in the plain and in the speculative run.
public struct ListedDifference: Encodable, Equatable, Sendable {
  /// Tokens of which both runs list a log-probability.
  public let compared: Int
  public let largest: Double
  /// Of the text's first row in which one differs.
  public let firstIndex: Int?

  /// Log-probabilities are printed with so many digits that a difference below this may be of printing.
  var isBeyondPrinting: Bool { largest > 1e-6 }

  /// - Returns: nil where the two list nothing of the same token.
  init?(_ plain: EngineOutput, _ speculative: EngineOutput) {
    var (compared, largest, firstIndex): (Int, Double, Int?) = (0, 0, nil)
    for (index, rows) in zip(plain.logProbabilities, speculative.logProbabilities).enumerated() {
      for (token, value) in rows.0 {
        guard let other = rows.1[token] else { continue }
        compared += 1
        let difference = (value - other).magnitude
        if difference > 1e-6, firstIndex == nil { firstIndex = index }
        largest = max(largest, difference)
      }
      // From here on the runs have other texts before them.
      guard plain.tokens.indices.contains(index), speculative.tokens.indices.contains(index),
        plain.tokens[index] == speculative.tokens[index]
      else { break }
    }
    if compared == 0 { return nil }
    (self.compared, self.largest, self.firstIndex) = (compared, largest, firstIndex)
  }
}
