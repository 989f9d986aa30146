import Foundation
import Tensor

/// One way to run the kernels: a product path, an instruction set, a number of threads.
struct Backend: Sendable {
  /// The product path; all other kernels are the same on both.
  let path: MatrixProductPath
  /// Where it runs.
  let executor: Executor

  /// In the names of benchmarks, such as `exact x86-64-v4, 2 threads`.
  var name: String {
    let way = path == .blas ? "blas" : "exact \(executor.instructionSet.rawValue)"
    return "\(way), \(executor.threadCount) threads"
  }

  /// Whether a kernel takes milliseconds here, not seconds.
  var isFast: Bool { path == .blas || executor.instructionSet.isFast }

  /// The exact path with each instruction set that this machine can run, then OpenBLAS, on as many
  /// threads of `KERNEL_BENCHMARK_THREADS` (default 2).
  static var available: [Backend] {
    let threads = threadCount(ProcessInfo.processInfo.environment["KERNEL_BENCHMARK_THREADS"])
    let exact = InstructionSet.available.map {
      Backend(path: .exact, executor: Executor(threadCount: threads, instructionSet: $0))
    }
    return exact + [Backend(path: .blas, executor: Executor(threadCount: threads))]
  }

  private static func threadCount(_ setting: String?) -> Int {
    guard let setting else { return 2 }
    guard let count = Int(setting), count > 0, count <= 1024 else {
      print("KERNEL_BENCHMARK_THREADS is \"\(setting)\", but must be a number from 1 to 1024.")
      exit(2)
    }
    return count
  }
}
