import Llama

extension StepFinding {
  /// Checks steps against the reference: whether each accepted draft was right, each rejected one rightly
  /// rejected, and the token after them the reference's.
  /// - Parameter scores: of the tokens of the speculative text.
  init(_ steps: [EngineStep], of scores: [ScoredToken], path: String) {
    let starts = EngineStep.starts(steps, in: scores.map(\.token))
    var accepted: [Int] = []
    var rejected: [Int] = []
    var next: [Int] = []
    for (index, (step, start)) in zip(steps, starts).enumerated() {
      for (offset, token) in step.tokens.enumerated() {
        let place = start + offset
        guard place < scores.count, scores[place].token == token else { break }
        let isRight = scores[place].isChosen
        if offset < step.acceptedCount {
          if !isRight { accepted.append(index) }
          continue
        }
        if !isRight { next.append(index) }
        if let right = isRight ? token : scores[place].rival,
          step.wasDrafted(right, behind: step.tokens[..<offset])
        {
          rejected.append(index)
        }
      }
    }
    self.init(
      path: path, steps: steps.count, drafted: steps.reduce(0) { $0 + $1.drafts.joined().count },
      accepted: steps.reduce(0) { $0 + $1.acceptedCount },
      wronglyAccepted: accepted.withoutRepetition, wronglyRejected: rejected.withoutRepetition,
      wrongNext: next.withoutRepetition)
  }
}

extension EngineStep {
  /// Whether a branch that begins with these tokens goes on with this one.
  func wasDrafted(_ token: TokenID, behind tokens: ArraySlice<TokenID>) -> Bool {
    drafts.contains {
      $0.count > tokens.count && $0[tokens.count] == token && $0.starts(with: tokens)
    }
  }

  /// For each step how many tokens of the output come before it. The first token of an output may come
  /// from the reading of the prompt, which is no step: the steps begin where more of their tokens are
  /// the output's.
  static func starts(_ steps: [EngineStep], in output: [TokenID]) -> [Int] {
    func starts(from first: Int) -> [Int] {
      var start = first
      return steps.map { step in
        defer { start += step.tokens.count }
        return start
      }
    }
    func agreement(_ starts: [Int]) -> Int {
      zip(steps, starts).reduce(0) { sum, pair in
        sum + zip(pair.0.tokens, output.dropFirst(pair.1)).count { $0 == $1 }
      }
    }
    return [starts(from: 0), starts(from: 1)].max { agreement($0) < agreement($1) } ?? []
  }
}

extension [Int] {
  /// Of equal neighbours the first.
  fileprivate var withoutRepetition: [Int] {
    reduce(into: []) { if $0.last != $1 { $0.append($1) } }
  }
}
