import Foundation
import Llama
import Lookahead

/// What is known of the cost of passes when a command begins, and the keeping of what it learns.
///
/// Only the automatic schedule asks for it: elsewhere nothing is read, said or written.
struct LearntCosts {
  /// What was known.
  let known: StepCost
  /// None where nobody asks.
  private let cache: StepCostCache?
  private var hasWarned = false

  /// Reads what is known for a loaded model.
  /// - Parameter verbose: whether to say where it is from.
  init(
    _ opened: OpenedModel, _ model: LlamaModel, options: DecodingOptions, verbose: Bool
  ) throws {
    guard try options.schedule == .automatic else {
      (known, cache) = (StepCost(), nil)
      return
    }
    let cache = try StepCostCache(
      opened, model, environment: ProcessInfo.processInfo.environment)
    let (cost, note) = cache.read()
    if note.isShown(verbose: verbose) { Console.note(note.text) }
    (known, self.cache) = (cost, cache)
  }

  /// Keeps what a decoder has learnt, if it looked. That it cannot be kept is said once.
  /// - Throws: `ExitStatus.interrupted`.
  mutating func keep(_ cost: StepCost?) throws {
    guard let cache, let cost, let note = try cache.write(cost), !hasWarned else { return }
    Console.note(note.text)
    hasWarned = true
  }
}
