/// Why nothing can be verified. Each description is one sentence.
public enum VerificationError: Error, Equatable, Sendable, CustomStringConvertible {
  case noPrompts
  /// No setting that a decoder can have.
  case nothingPossible
  /// More runs than anybody waits for.
  case gridTooLarge(runs: Int, limit: Int)
  /// The same of runs that are drawn.
  case sampleTooLarge(runs: Int, limit: Int)
  /// More combinations of sizes than are looked through.
  case tooManySizes(found: Int, limit: Int)

  public var description: String {
    switch self {
    case .noPrompts:
      "There is no prompt, so there is nothing to verify."
    case .nothingPossible:
      "There is no setting to verify: the policy lade has a window, n-grams of at least 3 tokens, "
        + "candidates with rows of their own, and a fixed schedule, and the reference is not compared "
        + "with itself."
    case .gridTooLarge(let runs, let limit):
      "The grid has \(runs == .max ? "too many" : "\(runs)") runs, but at most \(limit) are allowed; "
        + "draw a sample, or give shorter lists."
    case .sampleTooLarge(let runs, let limit):
      "A sample of \(runs) runs was asked for, but at most \(limit) are allowed."
    case .tooManySizes(let found, let limit):
      "The lists make \(found == .max ? "too many" : "\(found)") combinations of W, N, G, policy, "
        + "layout and schedule, but at most \(limit) are allowed; give shorter lists."
    }
  }
}
