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

  /// Rows that one pass reads.
  static let chunk = 128

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
    let read = prompt + output.dropLast()
    var cache = model.makeCache()
    for first in stride(from: 0, to: read.count, by: Self.chunk) {
      let tokens = Array(read[first...].prefix(Self.chunk))
      let rows = tokens.indices.filter { first + $0 >= prompt.count - 1 }
      let logits = try model.forward(
        PassRequest(causal: tokens, cachedCount: first, logitRows: rows), cache: &cache)
      try cache.keep(newRows: Array(tokens.indices))
      for (index, row) in rows.enumerated() {
        let place = first + row + 1 - prompt.count
        guard place < output.count else { continue }
        onRow(place, logits.row(index))
        if place > 0, ends.contains(output[place - 1]) || scores[place - 1].isAfterEnd {
          scores.append(ScoredToken(afterEnd: output[place]))
        } else {
          scores.append(
            ScoredToken(
              output[place],
              logits: try processed(
                logits.row(index),
                after: TextPrefix(
                  prompt + output[..<place], promptCount: prompt.count))))
        }
      }
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
