import KernelTypes

/// Measures the read bandwidth and the arithmetic peak of the machine, in some tens of milliseconds
/// each, so that they can be measured between the passes that are compared with them.
public final class MachineProbe: Sendable {
  private let executor: Executor
  private let array: FloatBuffer
  /// Rounds of the multiply-add chains in one measurement: some milliseconds.
  private let rounds: Int

  /// Floats that one step of the sweep reads.
  private static let sweepStep = 64

  /// - Parameter arrayBytes: bytes of the array to read, at least 1 and rounded up; far more than the
  ///   caches hold, or their speed is measured.
  public init(arrayBytes: Int, on executor: Executor) {
    precondition(arrayBytes >= 1, "an array of \(arrayBytes) bytes")
    self.executor = executor
    let stepBytes = MachineProbe.sweepStep * MemoryLayout<Float>.stride
    // Written, since pages never written are all mapped to one page of zeros.
    array = FloatBuffer(count: (arrayBytes + stepBytes - 1) / stepBytes * MachineProbe.sweepStep)
    var rounds = 256
    while MachineProbe.secondsOfChains(rounds: rounds, on: executor) < 0.005 { rounds *= 2 }
    self.rounds = rounds
  }

  public var arrayBytes: Int { array.count * MemoryLayout<Float>.stride }

  /// Bytes a second at which all threads together read the array once.
  public func readBandwidth() -> Double {
    let steps = array.count / MachineProbe.sweepStep
    // Sleeping threads are awake after this, and the time that it takes is not counted.
    executor.pool.run { _ in }
    let seconds = ContinuousClock().measure {
      executor.pool.forEachRange(of: steps) { range in
        _ = executor.kernels.sweep(
          values: array.base + range.lowerBound * MachineProbe.sweepStep,
          count: range.count * MachineProbe.sweepStep)
      }
    }
    return Double(arrayBytes) / (seconds / .seconds(1))
  }

  /// Floating-point operations a second of all threads together, a fused multiply-add of one lane
  /// being two.
  public func arithmeticPeak() -> Double {
    _ = MachineProbe.secondsOfChains(rounds: rounds / 8, on: executor)
    let seconds = MachineProbe.secondsOfChains(rounds: rounds, on: executor)
    let lanes = executor.kernels.chainCount * laneCount * executor.threadCount
    return 2 * Double(lanes) * Double(rounds) / seconds
  }

  private static func secondsOfChains(rounds: Int, on executor: Executor) -> Double {
    let count = executor.kernels.chainCount * laneCount
    let sums = FloatBuffer(count: count * executor.threadCount)
    for index in 0..<sums.count { sums.base[index] = Float(index) }
    let duration = ContinuousClock().measure {
      executor.pool.run { part in
        // The sums stay between 0 and the largest index.
        executor.kernels.multiplyAddChains(
          sums: sums.base + part * count, factor: 0.5, addend: 1, rounds: rounds)
      }
    }
    return duration / .seconds(1)
  }
}
