import Testing

@testable import Tensor

/// The kernels that measure the machine do the work that they are timed for.
struct MachineProbeTests {
  @Test("Every chain is what scalar multiply-adds give", arguments: InstructionSet.available)
  func chains(instructionSet: InstructionSet) {
    let kernels = instructionSet.kernels
    let start = (0..<kernels.chainCount * 16).map { Float($0) }
    for rounds in [0, 1, 2, 7] {
      var sums = start
      sums.withUnsafeMutableBufferPointer { buffer in
        guard let base = buffer.baseAddress else { return }
        kernels.multiplyAddChains(sums: base, factor: 0.75, addend: 1, rounds: rounds)
      }
      let expected = start.map { value in
        (0..<rounds).reduce(value) { sum, _ in Float(1).addingProduct(sum, 0.75) }
      }
      #expect(sums == expected)
    }
  }

  @Test("A sweep takes in every value once", arguments: InstructionSet.available)
  func sweep(instructionSet: InstructionSet) {
    let kernels = instructionSet.kernels
    for count in [0, 64, 128, 640] {
      // Sums of such whole numbers are exact in any order.
      let values = (0..<count).map { Float($0 * $0 % 97) }
      let sum = values.withUnsafeBufferPointer { buffer in
        buffer.baseAddress.map { kernels.sweep(values: $0, count: count) } ?? 0
      }
      #expect(sum == values.reduce(0, +))
    }
  }

  @Test("Both speeds are measured, with any number of threads", arguments: [1, 2])
  func speeds(threads: Int) {
    let probe = MachineProbe(arrayBytes: 1_000_001, on: Executor(threadCount: threads))
    #expect(probe.arrayBytes == 1_000_192)
    #expect(probe.readBandwidth() > 1e6)
    #expect(probe.readBandwidth().isFinite)
    #expect(probe.arithmeticPeak() > 1e6)
    #expect(probe.arithmeticPeak().isFinite)
  }

  @Test("The peak is not beyond what the fastest core could do")
  func plausible() {
    let probe = MachineProbe(arrayBytes: 1, on: Executor(threadCount: 1))
    // Two units of 16 lanes at 8 GHz.
    #expect(probe.arithmeticPeak() < 2 * 2 * 16 * 8e9)
  }
}
