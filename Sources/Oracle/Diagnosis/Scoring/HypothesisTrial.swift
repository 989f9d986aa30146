import Foundation

/// How likely an engine's texts are by rounding alone and by each mistake that was tried.
struct HypothesisTrial {
  let texts: EngineTexts
  /// Finer arithmetics first.
  let noises: [ArithmeticNoise]
  let baseline: Baseline
  private(set) var tried = 0
  private(set) var results: [Result] = []

  struct Result {
    let hypothesis: Hypothesis
    let verdict: Diagnosis.Verdict
    /// Whether it is a part of an arithmetic that rounds: weights in its format.
    let isRounding: Bool
  }

  /// The texts by rounding alone.
  struct Baseline {
    let logProbability: Double
    /// The arithmetic that fits each text.
    let plain, speculative: ArithmeticNoise
    /// Whether different arithmetics fit the two better than the same does.
    var differs: Bool { plain.arithmetic != speculative.arithmetic }

    func deviatesBeyondFloat32(_ texts: EngineTexts, _ noises: [ArithmeticNoise]) -> Bool {
      guard let float32 = noises.first(where: { $0.arithmetic == .float32 }) ?? noises.first else {
        return true
      }
      return [texts.plain, texts.speculative].contains {
        !($0?.unexplained(byNoise: float32.deviation).isEmpty ?? true)
      }
    }
  }

  /// What two arithmetics instead of one must bring, in nats.
  static let differenceCost = 4.0
  /// What a mistake must bring beyond the logarithm of the number of those tried, in nats: odds of
  /// 20,000 to one.
  static let mistakeCost = 10.0

  init(texts: EngineTexts, noises: [ArithmeticNoise]) {
    precondition(!noises.isEmpty, "no arithmetic was measured")
    self.texts = texts
    self.noises = noises
    let (plain, speculative) = (texts.plain ?? [], texts.speculative ?? [])
    var best: Baseline?
    for (index, finer) in noises.enumerated() {
      for coarser in noises[index...] {
        // The speculative run may round more coarsely than the plain one; the other way round is less
        // likely, and would be called the same.
        let same = finer.arithmetic == coarser.arithmetic
        let sum =
          plain.logProbability(noise: finer.deviation)
          + speculative.logProbability(noise: coarser.deviation)
          - (same ? 0 : Self.differenceCost)
        if sum > best?.logProbability ?? -.infinity {
          best = Baseline(logProbability: sum, plain: finer, speculative: coarser)
        }
      }
    }
    baseline =
      best ?? Baseline(logProbability: -.infinity, plain: noises[0], speculative: noises[0])
  }

  /// Whether the texts are unlikely enough by rounding alone for any mistake to be named: no mistake can
  /// make them likelier than certain.
  var canNameMistakes: Bool { -baseline.logProbability > Self.mistakeCost }

  /// The first token of the speculative text that float32 does not explain.
  var firstUnexplained: Int? {
    texts.speculative?.unexplained(byNoise: noises[0].deviation).first
  }

  /// Whether a mistake whose judgement of a token this is can have made it.
  func explains(_ token: ScoredToken) -> Bool {
    token.isExplained(byNoise: noises.last?.deviation ?? 0)
  }

  mutating func add(
    _ mistake: ModelMistake, plain: [ScoredToken]?, speculative: [ScoredToken]?
  ) {
    tried += 1
    let isRounding = [ModelMistake.quantisation(.f16), .quantisation(.bf16)].contains(mistake)
    add(
      id: mistake.id, words: mistake.words, drafts: nil, verdict: .otherModel,
      isRounding: isRounding, plain: plain, speculative: speculative)
  }

  /// - Parameter speculative: nil where the mistake was found not to make the text.
  mutating func add(
    _ mistake: BookkeepingMistake, _ rule: DraftRule, speculative: [ScoredToken]?
  ) {
    tried += 1
    guard let speculative else { return }
    let drafts: String? = if case .lookup(let lookup) = rule { "\(lookup)" } else { nil }
    add(
      id: mistake.rawValue, words: mistake.words, drafts: drafts, verdict: .bookkeeping,
      isRounding: false, plain: texts.plain, speculative: speculative)
  }

  private mutating func add(
    id: String, words: String, drafts: String?, verdict: Diagnosis.Verdict, isRounding: Bool,
    plain: [ScoredToken]?, speculative: [ScoredToken]?
  ) {
    let best =
      noises.map { noise in
        (plain ?? []).logProbability(noise: noise.deviation)
          + (speculative ?? []).logProbability(noise: noise.deviation)
      }.max() ?? -.infinity
    let pairs =
      zip(texts.speculative ?? [], speculative ?? []).map { ($0, $1) }
      + (verdict == .otherModel ? zip(texts.plain ?? [], plain ?? []).map { ($0, $1) } : [])
    let deviating = pairs.filter { !$0.0.isChosen }
    results.append(
      Result(
        hypothesis: Hypothesis(
          id: id, words: words, drafts: drafts,
          explained: deviating.count { $0.1.isChosen }, deviations: deviating.count,
          contradicted: pairs.count { $0.0.isChosen && !$0.1.isChosen },
          gain: best - baseline.logProbability),
        verdict: verdict, isRounding: isRounding))
  }

  /// Whether rounding leaves some token unexplained.
  private var isRoundingNotEnough: Bool {
    let (plain, speculative) = (texts.plain ?? [], texts.speculative ?? [])
    return !plain.unexplained(byNoise: baseline.plain.deviation).isEmpty
      || !speculative.unexplained(byNoise: baseline.speculative.deviation).isEmpty
  }

  /// The mistake that is named: it makes the texts likelier than rounding does, beyond chance, and makes
  /// more than half of the tokens that the reference does not choose. Weights in F16 or BF16 are no mistake
  /// where the arithmetic of that format explains everything.
  var named: Result? {
    let cost = Self.mistakeCost + log(Double(max(1, tried)))
    let needsMore = isRoundingNotEnough
    guard let best = ranked.first(where: { !$0.isRounding || needsMore }),
      best.hypothesis.gain > cost,
      2 * best.hypothesis.explained > best.hypothesis.deviations
    else { return nil }
    return best
  }

  /// The best first; each mistake once, with the drafts that fit it best.
  var ranked: [Result] {
    var seen: Set<String> = []
    return results.sorted { $0.hypothesis.gain > $1.hypothesis.gain }
      .filter { seen.insert($0.hypothesis.words).inserted }
  }
}
