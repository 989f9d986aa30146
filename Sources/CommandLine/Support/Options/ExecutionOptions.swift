import ArgumentParser
import Foundation
import Llama
import Session
import Tensor

struct ExecutionOptions: ParsableArguments {
  @Option(
    name: [.short, .long],
    help: ArgumentHelp(
      "Threads to compute with. (default: one for each fast core, here \(Processors.fast))"))
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

  var weights: WeightStorage { givenWeights ?? .stored }

  @Option(
    name: .customLong("kv-cache"),
    help: """
      The form of keys and values in the cache: float32; or float16, which rounds each once, for half \
      the memory. (default: float32)
      """)
  var givenCacheFormat: KeyValueFormat?

  var cacheFormat: KeyValueFormat { givenCacheFormat ?? .float32 }

  func validate() throws {
    if let threads { try Self.check(threads: threads) }
    _ = try chosenInstructionSet
  }

  static func check(threads: Int) throws {
    try require("number of threads", threads, upTo: 1_024)
  }

  /// Refuses what the reference model lacks. The number of threads changes no result and is allowed.
  func checkReference() throws {
    try Self.refuse(
      "--reference computes in Double without these kernels and their cache",
      [
        ("--instruction-set", instructionSet != nil), ("--weights", givenWeights != nil),
        ("--kv-cache", givenCacheFormat != nil),
      ])
  }

  private var chosenInstructionSet: InstructionSet {
    get throws {
      try InstructionSetChoice.find(
        option: instructionSet, environment: ProcessInfo.processInfo.environment)
    }
  }

  func makeExecutor() throws -> Executor {
    let threadCount = threads ?? Processors.fast
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
}

/// For commands whose numbers others are compared with.
struct MatmulOptions: ParsableArguments {
  @Option(help: ArgumentHelp(stringLiteral: MatrixProductPath.help))
  var matmul: MatrixProductPath = .exact
}

/// For commands that make text.
struct UsualMatmulOptions: ParsableArguments {
  @Option(
    name: .customLong("matmul"),
    help: ArgumentHelp(
      stringLiteral: MatrixProductPath.help
        + " (default: int16 for a model of quantised weights, otherwise exact)"))
  var givenMatmul: MatrixProductPath?

  func path(for checkpoint: Checkpoint, _ execution: ExecutionOptions) throws -> MatrixProductPath {
    let path = givenMatmul ?? .usual(for: checkpoint, execution.weights)
    try execution.check(path)
    return path
  }
}

extension MatrixProductPath {
  fileprivate static let help = """
    How matrix products are computed. exact: float32, the bits of a float32 copy of the weights. \
    int16, int8: quantised weights in integers, with activations rounded to so many bits; int8 is \
    what llama.cpp computes. All of these give a row the same bits whatever else is computed with \
    it. blas: OpenBLAS, equal up to rounding.
    """

  /// What text is made with where no path was asked for (docs/decisions/0076).
  static func usual(for checkpoint: Checkpoint, _ storage: WeightStorage) -> MatrixProductPath {
    checkpoint.isQuantised && storage == .stored ? .int16 : .exact
  }
}

extension ExecutionOptions {
  /// - Throws: `ValidationError` if the weights are to be kept without their codes.
  func check(_ path: MatrixProductPath) throws { try Self.check(path, weights: [weights]) }

  /// - Throws: `ValidationError` if some of the weights are to be kept without their codes.
  static func check(_ path: MatrixProductPath, weights: [WeightStorage]) throws {
    if path.isInteger, weights.contains(.float32) {
      throw ValidationError(
        "--matmul \(path.rawValue) multiplies the codes of quantised weights, which --weights float32 "
          + "does not keep; leave out one of the two.")
    }
  }
}

extension WeightStorage: ExpressibleByArgument {}
extension KeyValueFormat: ExpressibleByArgument {}
extension MatrixProductPath: ExpressibleByArgument {}
extension MatrixProductPath: ListValue {}
