import Tensor

/// Where and how a model runs: what must not change a bit.
public struct ExecutionSetting: Codable, Hashable, Sendable {
  public var threads: Int
  public var instructionSet: InstructionSet
  public var weights: WeightStorage

  /// A setting; without arguments the one that all others are compared with: one thread, the best
  /// instructions of this CPU, weights nearly as the file has them.
  public init(
    threads: Int = 1, instructionSet: InstructionSet = .best, weights: WeightStorage = .stored
  ) {
    self.threads = threads
    self.instructionSet = instructionSet
    self.weights = weights
  }
}
