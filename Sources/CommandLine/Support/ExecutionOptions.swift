import ArgumentParser
import Foundation
import Tensor

/// Where and how a model runs.
struct ExecutionOptions: ParsableArguments {
  @Option(
    name: [.short, .long],
    help: ArgumentHelp(
      "Threads to compute with. (default: one for each fast core, here \(Self.defaultThreads))"))
  var threads: Int?

  @Option(
    help: ArgumentHelp(
      "The CPU instructions to use; changes the speed only. (default: "
        + "\(InstructionSetChoice.variable), else the best here)"))
  var instructionSet: InstructionSet?

  @Option(
    name: .customLong("weights"),
    help: """
      How the exact path keeps weights in memory: stored, nearly as the file has them; or float32. \
      Changes speed and memory only. (default: stored)
      """)
  var givenWeights: WeightStorage?

  /// How the exact path keeps weights in memory.
  var weights: WeightStorage { givenWeights ?? .stored }

  /// Threads beyond any use, which would only exhaust the machine.
  private static let maximumThreads = 1_024

  func validate() throws {
    if let threads { try Self.check(threads: threads) }
    _ = try chosenInstructionSet
  }

  /// Refuses a number of threads that nobody can want.
  static func check(threads: Int) throws {
    if !(1...maximumThreads ~= threads) {
      throw ValidationError(
        "The number of threads is \(threads), but must be from 1 to \(maximumThreads).")
    }
  }

  /// Refuses what the reference model has no choice of. How many threads there are makes no difference
  /// to any result, so that may be said.
  func checkReference() throws {
    if instructionSet != nil || givenWeights != nil {
      throw ValidationError(
        "--reference computes in Double in its own way, so --instruction-set and --weights are of no "
          + "use.")
    }
  }

  /// What the option, the environment and the CPU come to.
  private var chosenInstructionSet: InstructionSet {
    get throws {
      try InstructionSetChoice.find(
        option: instructionSet, environment: ProcessInfo.processInfo.environment)
    }
  }

  /// The threads and the kernels that the options ask for.
  /// - Throws: what `validate()` throws.
  func makeExecutor() throws -> Executor {
    let threadCount = threads ?? Self.defaultThreads
    if threadCount > Processors.available {
      Console.note(
        "Note: \(threadCount) threads on \(Processors.available) processors hinder each other.")
    }
    let instructionSet = try chosenInstructionSet
    if let warning = InstructionSetChoice.warning(for: instructionSet, best: .best) {
      Console.note(warning)
    }
    return Executor(threadCount: threadCount, instructionSet: instructionSet)
  }

  /// One thread for each fast core that this program may use.
  static var defaultThreads: Int { Processors.fast }
}

extension WeightStorage: ExpressibleByArgument {}
