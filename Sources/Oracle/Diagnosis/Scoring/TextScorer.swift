import Llama
import Lookahead
import Tensor

/// Reads a text as it is and says how a model judges each of its tokens after those before it.
public struct TextScorer: Sendable {
  /// What changes the logits before the largest is taken, such as a repetition penalty.
  public let processors: [any LogitsProcessor]
  /// The tokens that end a text.
  public let ends: Set<TokenID>

  public init(processors: [any LogitsProcessor] = [], ends: Set<TokenID> = []) {
    (self.processors, self.ends) = (processors, ends)
  }

  /// - Parameters:
  ///   - onRow: called with the number of each token and the logits before it, `[vocabularySize]`, as the
  ///     model gives them.
  ///   - onPass: called after every pass; what it throws ends the reading.
  /// - Returns: one for each token of `output`.
  func score<Model: CausalLanguageModel>(
    _ output: [TokenID], after prompt: [TokenID], by model: Model,
    onRow: (Int, ArraySlice<Float>) -> Void = { _, _ in }, onPass: () throws -> Void = {}
  ) throws -> [ScoredToken] {
    var scores: [ScoredToken] = []
    try model.read(prompt + output.dropLast(), logitsAt: { $0 >= prompt.count - 1 }) {
      row, logits in
      let place = row + 1 - prompt.count
      onRow(place, logits)
      if place > 0, ends.contains(output[place - 1]) || scores[place - 1].isAfterEnd {
        scores.append(ScoredToken(afterEnd: output[place]))
      } else {
        let prefix = TextPrefix(prompt + output[..<place], promptCount: prompt.count)
        scores.append(ScoredToken(output[place], logits: try processed(logits, after: prefix)))
      }
    } onPass: {
      try onPass()
    }
    return scores
  }

  /// The logits of a row as a token is chosen from them.
  func processed(_ row: ArraySlice<Float>, after prefix: TextPrefix) throws -> ArraySlice<Float> {
    if processors.isEmpty { return row }
    var logits = Array(row)
    for processor in processors { try processor.process(&logits, after: prefix) }
    return logits[...]
  }
}

extension ScoredToken {
  fileprivate var isAfterEnd: Bool { rival == nil && margin == -.infinity }
}
