import KernelTypes

/// How matrix products are computed.
public enum MatrixProductPath: String, CaseIterable, Sendable, Codable {
  /// The project's own kernels: a row's bits do not depend on the other rows, on the number of
  /// threads or on the CPU (docs/numerics.md).
  case exact
  /// `cblas_sgemm` of OpenBLAS: an independent check, equal up to rounding; its rounding depends on
  /// shapes, threads and CPU.
  case blas
}

/// Where tensor functions run: a pool of threads and the kernels of one instruction set.
///
/// One executor serves any number of callers; jobs of different callers take turns.
public final class Executor: Sendable {
  public let instructionSet: InstructionSet
  let kernels: any KernelSet.Type
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
    pool = ThreadPool(threadCount: threadCount)
  }
}
