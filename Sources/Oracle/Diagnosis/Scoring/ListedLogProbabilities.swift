import Foundation
import Llama

/// Compares the log-probabilities that an engine listed with the reference's.
struct ListedLogProbabilities {
  /// For each token of the output, by token id.
  let listed: [[TokenID: Double]]
  private var squares = 0.0
  private(set) var count = 0

  init(_ listed: [[TokenID: Double]]) { self.listed = listed }

  /// - Parameter logits: of the row that chooses token `index` of the output, `[vocabularySize]`.
  mutating func compare(_ index: Int, _ logits: ArraySlice<Float>) {
    guard listed.indices.contains(index), !listed[index].isEmpty else { return }
    let largest = Double(logits.max() ?? 0)
    let sum = logits.reduce(0.0) { $0 + exp(Double($1) - largest) }
    for (token, value) in listed[index] where token >= 0 && token < logits.count {
      let own = Double(logits[logits.startIndex + token]) - largest - log(sum)
      // What an engine lists for a token that it rules out is no measure of its rounding.
      guard own.isFinite, own > Self.least else { continue }
      squares += (value - own) * (value - own)
      count += 1
    }
  }

  /// Log-probabilities below this are left out: some engines cut them off.
  private static let least = -20.0

  /// The root of the mean square of the differences; nil where nothing was listed.
  var error: Double? { count == 0 ? nil : (squares / Double(count)).squareRoot() }
}
