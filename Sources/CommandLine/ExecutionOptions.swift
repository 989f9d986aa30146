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

  @Option(help: "The CPU instructions to use; changes the speed only. (default: the best here)")
  var instructionSet: InstructionSet?

  @Option(
    help: """
      How the exact path keeps weights in memory: stored, nearly as the file has them; or float32. \
      Changes speed and memory only.
      """)
  var weights: WeightStorage = .stored

  /// Threads beyond any use, which would only exhaust the machine.
  private static let maximumThreads = 1_024

  func validate() throws {
    if let threads, !(1...Self.maximumThreads ~= threads) {
      throw ValidationError(
        "The number of threads is \(threads), but must be from 1 to \(Self.maximumThreads).")
    }
    if let instructionSet, !InstructionSet.available.contains(instructionSet) {
      let available = InstructionSet.available.map(\.rawValue).joined(separator: ", ")
      throw ValidationError(
        "This CPU cannot run \(instructionSet.rawValue), but only \(available).")
    }
  }

  /// The threads and the kernels that the options ask for.
  func makeExecutor() -> Executor {
    let threadCount = threads ?? Self.defaultThreads
    let online = ProcessInfo.processInfo.activeProcessorCount
    if threadCount > online {
      Console.note("Note: \(threadCount) threads on \(online) processors hinder each other.")
    }
    let executor = Executor(
      threadCount: threadCount, instructionSet: instructionSet ?? InstructionSet.best)
    if !executor.instructionSet.isFast {
      Console.note("Note: without fused multiply-add instructions this will be very slow.")
    }
    return executor
  }

  /// One thread for each fast core that this program may use.
  static var defaultThreads: Int {
    let online = max(1, ProcessInfo.processInfo.activeProcessorCount)
    #if os(macOS)
      var fast: Int32 = 0
      var size = MemoryLayout<Int32>.size
      if sysctlbyname("hw.perflevel0.logicalcpu", &fast, &size, nil, 0) == 0, fast > 0 {
        return min(Int(fast), online)
      }
    #endif
    return online
  }
}

extension InstructionSet: ExpressibleByArgument {}

extension WeightStorage: ExpressibleByArgument {}
