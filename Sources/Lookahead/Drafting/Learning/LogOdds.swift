import Foundation

/// ln(p / (1 - p)), the scale on which evidence adds up.
enum LogOdds {
  /// Probabilities are taken from 0.001 to 0.999.
  static func of(_ probability: Double) -> Double {
    let bounded = min(max(probability, 0.001), 0.999)
    return log(bounded / (1 - bounded))
  }

  /// The inverse of `of`: σ.
  static func probability(_ logOdds: Double) -> Double {
    1 / (1 + exp(-min(max(logOdds, -12), 12)))
  }
}
