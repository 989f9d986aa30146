import KernelTypes

/// Where tensor functions run: a pool of threads and the kernels of one instruction set.
///
/// One executor serves any number of callers; jobs of different callers take turns.
public final class Executor: Sendable {
  public let instructionSet: InstructionSet
  let kernels: any KernelSet.Type
  let integerKernels: any IntegerKernelSet.Type
  let pool: ThreadPool

  /// Threads of each job, the caller included.
  public var threadCount: Int { pool.threadCount }

  /// - Parameters:
  ///   - threadCount: at least 1.
  ///   - instructionSet: one of `InstructionSet.available`.
  public init(threadCount: Int, instructionSet: InstructionSet = .best) {
    precondition(
      InstructionSet.available.contains(instructionSet),
      "this CPU cannot run \(instructionSet.rawValue)")
    self.instructionSet = instructionSet
    kernels = instructionSet.kernels
    integerKernels = instructionSet.integerKernels
    pool = ThreadPool(threadCount: threadCount)
  }
}
