import Llama
import Lookahead
import Tensor

/// What the model itself has to do with a sweep: it makes the continuation, and says how far tokens that
/// flip are apart.
public enum SweepReference {
  /// Rows of a pass over a given text.
  public static let chunk = GivenPass.chunk

  /// The greedy continuation of a prefix, one token a pass; tokens that end a text do not end it.
  /// - Parameters:
  ///   - count: tokens to make; fewer where the context ends, so that every token can be read.
  ///   - onToken: called before each token with the number of tokens made; what it throws ends it.
  /// - Throws: `SweepError.noRoom` if fewer than two can be read behind the prefix; what decoding throws.
  public static func continuation<Model: CausalLanguageModel>(
    of prefix: [TokenID], count: Int, by model: Model, onToken: (Int) throws -> Void = { _ in }
  ) throws -> [TokenID] {
    let room = model.contextLength - prefix.count
    guard room >= 2 else {
      throw SweepError.noRoom(prefix: prefix.count, contextLength: model.contextLength)
    }
    var decoder = try AutoregressiveDecoder(
      model: model, selector: SamplingSelector(SamplingConfiguration()), prefillChunk: chunk)
    var made = 0
    try onToken(made)
    let stop = StopRules(endTokens: [], maximumTokens: min(count, room))
    let result = try decoder.generate(prompt: prefix, stop: stop) { accepted in
      made += accepted.tokens.count
      try onToken(made)
      return .proceed
    }
    return result.tokens
  }
}

extension SweepReport {
  /// Adds to every flip what exact arithmetic says of its two tokens.
  /// - Parameter model: the plan's, on the exact path: it reads prefix and continuation.
  /// - Throws: what the passes throw.
  public mutating func settle(by model: some CausalLanguageModel, plan: SweepPlan) throws {
    let text = plan.prefix + plan.continuation
    let wanted = Set(flippedRows.map(plan.position(ofRow:)))
    guard let last = wanted.max() else { return }
    try model.read(Array(text[...last]), logitsAt: wanted.contains) { position, logits in
      settle(position: position, logits: logits)
    }
    conclude()
  }

  private mutating func settle(position: Int, logits: ArraySlice<Float>) {
    for place in figures.indices {
      for index in figures[place].flips.indices
      where figures[place].flips[index].position == position {
        figures[place].flips[index].reference = .init(figures[place].flips[index], logits: logits)
      }
    }
  }
}

extension SweepFlip.Reference {
  /// - Precondition: both tokens are of the vocabulary.
  fileprivate init(_ flip: SweepFlip, logits: ArraySlice<Float>) {
    func logit(_ token: TokenID) -> Double { Double(logits[logits.startIndex + token]) }
    let margin = logit(flip.alone) - logit(flip.among)
    self.margin = margin.isFinite ? margin : nil
    placeOfAlone = logits.standing(of: flip.alone).rank
    placeOfAmong = logits.standing(of: flip.among).rank
  }
}
