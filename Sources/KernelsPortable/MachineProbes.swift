import CKernelSupport
import KernelTypes

extension Kernels {
  /// A tile of more than six rows means 512-bit registers: a vector is one of 32, not two of sixteen.
  @inline(__always) private static var hasWideRegisters: Bool { maximumTileRows > 6 }

  /// Enough for two units with a latency of four or five cycles, and no more than fit the registers.
  public static var chainCount: Int { hasWideRegisters ? 12 : 6 }

  public static func multiplyAddChains(
    sums: UnsafeMutablePointer<Float>, factor: Float, addend: Float, rounds: Int
  ) {
    let (factor, addend) = (Lanes(repeating: factor), Lanes(repeating: addend))
    var first = SixChains(sums)
    if hasWideRegisters {
      var second = SixChains(sums + 6 * laneCount)
      for _ in 0..<rounds {
        first.advance(factor, addend)
        second.advance(factor, addend)
      }
      second.store(sums + 6 * laneCount)
    } else {
      for _ in 0..<rounds { first.advance(factor, addend) }
    }
    first.store(sums)
  }

  public static func sweep(values: UnsafePointer<Float>, count: Int) -> Float {
    // As far ahead as the products with weights prefetch, in steps of one cache line.
    let distance = 256 * laneCount
    var (a, b, c, d) = (Lanes.zero, Lanes.zero, Lanes.zero, Lanes.zero)
    var next = values
    for _ in 0..<count / (4 * laneCount) {
      for line in 0..<4 { kernel_prefetch(next + (distance &+ line &* laneCount)) }
      a += next.lanes()
      b += (next + laneCount).lanes()
      c += (next + 2 * laneCount).lanes()
      d += (next + 3 * laneCount).lanes()
      next += 4 * laneCount
    }
    return treeSum((a + b) + (c + d))
  }
}

/// Six sums in registers: variables of their own, since an array would lie in memory.
private struct SixChains {
  var a, b, c, d, e, f: Lanes

  @inline(__always) init(_ start: UnsafeMutablePointer<Float>) {
    a = start.lanes()
    b = (start + laneCount).lanes()
    c = (start + 2 * laneCount).lanes()
    d = (start + 3 * laneCount).lanes()
    e = (start + 4 * laneCount).lanes()
    f = (start + 5 * laneCount).lanes()
  }

  @inline(__always) mutating func advance(_ factor: Lanes, _ addend: Lanes) {
    a = addend.addingProduct(a, factor)
    b = addend.addingProduct(b, factor)
    c = addend.addingProduct(c, factor)
    d = addend.addingProduct(d, factor)
    e = addend.addingProduct(e, factor)
    f = addend.addingProduct(f, factor)
  }

  @inline(__always) func store(_ target: UnsafeMutablePointer<Float>) {
    target.store(a)
    (target + laneCount).store(b)
    (target + 2 * laneCount).store(c)
    (target + 3 * laneCount).store(d)
    (target + 4 * laneCount).store(e)
    (target + 5 * laneCount).store(f)
  }
}
