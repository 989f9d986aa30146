import Foundation
import Llama

/// Logits processors as their definitions read, in Double, with sorting and the system's `exp`.
public enum NaiveSampling {
  /// `exp(x[i]) / Σ exp(x[j])`.
  public static func softmax(_ logits: [Double]) -> [Double] {
    let largest = logits.max() ?? 0
    let numerators = logits.map { exp($0 - largest) }
    let total = numerators.reduce(0, +)
    return numerators.map { $0 / total }
  }

  /// Tokens, the most probable first, of equally probable ones the lowest id first.
  public static func ranking(_ logits: [Double]) -> [TokenID] {
    logits.indices.sorted { (-logits[$0], $0) < (-logits[$1], $1) }
  }

  /// All but the first `count` tokens of the ranking forbidden.
  public static func topK(_ logits: [Double], _ count: Int) -> [Double] {
    keeping(Set(ranking(logits).prefix(count)), of: logits)
  }

  /// Tokens of the ranking until their probabilities reach `mass`; the others forbidden.
  public static func topP(_ logits: [Double], _ mass: Double) -> [Double] {
    let probabilities = softmax(logits)
    var kept: Set<TokenID> = []
    var sum = 0.0
    for token in ranking(logits) where sum < mass {
      kept.insert(token)
      sum += probabilities[token]
    }
    return keeping(kept, of: logits)
  }

  /// Tokens with at least `ratio` of the largest probability; the others forbidden.
  public static func minP(_ logits: [Double], _ ratio: Double) -> [Double] {
    let probabilities = softmax(logits)
    let least = ratio * (probabilities.max() ?? 0)
    return keeping(Set(logits.indices.filter { probabilities[$0] >= least }), of: logits)
  }

  private static func keeping(_ kept: Set<TokenID>, of logits: [Double]) -> [Double] {
    logits.indices.map { kept.contains($0) ? logits[$0] : -.infinity }
  }

  /// Pearson's statistic of counts against probabilities, cells of less than 5 expected joined, and
  /// its degrees of freedom.
  public static func chiSquare(
    counts: [Int], probabilities: [Double]
  ) -> (statistic: Double, freedom: Int) {
    let total = Double(counts.reduce(0, +))
    var cells: [(count: Double, expected: Double)] = []
    var rest = (count: 0.0, expected: 0.0)
    for (count, probability) in zip(counts, probabilities) {
      if probability * total < 5 {
        rest = (rest.count + Double(count), rest.expected + probability * total)
      } else {
        cells.append((Double(count), probability * total))
      }
    }
    if rest.expected > 0 { cells.append(rest) }
    let statistic = cells.reduce(0) {
      $0 + ($1.count - $1.expected) * ($1.count - $1.expected) / $1.expected
    }
    return (statistic, cells.count - 1)
  }

  /// What the statistic exceeds once in a thousand times, by Wilson and Hilferty's approximation.
  public static func criticalChiSquare(freedom: Int) -> Double {
    let spread = 2 / (9 * Double(freedom))
    return Double(freedom) * pow(1 - spread + 3.0902 * spread.squareRoot(), 3)
  }
}
