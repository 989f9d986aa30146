import Foundation
import Llama
import Tensor

extension DraftedPass {
  /// Every row of logits as successors of what it attends to: the last `SuccessorTable.longestContext`
  /// tokens, the row's own last.
  var successors: [(context: [TokenID], successors: [SuccessorTable.Successor])] {
    request.logitRows.indices.map { (context(ofLogitRow: $0), successors(inLogitRow: $0)) }
  }

  private func context(ofLogitRow logitRow: Int) -> [TokenID] {
    let row = request.logitRows[logitRow]
    let position = request.positions[row]
    var context = [request.tokens[row]]
    for distance in 1..<SuccessorTable.longestContext {
      let before = position - distance
      let seen = request.tokens.indices.first {
        request.positions[$0] == before
          && request.mask.sees(query: row, key: request.cachedCount + $0)
      }
      guard let token = seen.map({ request.tokens[$0] }) ?? cachedToken(at: before) else { break }
      context.insert(token, at: 0)
    }
    return context
  }

  private func cachedToken(at position: Int) -> TokenID? {
    (0..<min(request.cachedCount, text.count)).contains(position) ? text[position] : nil
  }

  /// The likeliest tokens of a row, their probabilities by softmax over them alone: the sum over the whole
  /// vocabulary would cost more and brought nothing.
  private func successors(inLogitRow row: Int) -> [SuccessorTable.Successor] {
    let likeliest = logits.largest(SuccessorTable.width, row: row)
    let numerators = likeliest.map { exp($0.value - likeliest[0].value) }
    let total = numerators.reduce(0, +)
    return zip(likeliest, numerators).map {
      SuccessorTable.Successor(token: $0.column, probability: $1 / total)
    }
  }
}
