import CKernelSupport

// What the machine can do at the most, for the benchmarks to compare the other kernels with. Both
// are called through the kernel table, so the compiler cannot see that nobody needs their results.

/// Lanes that `multiplyAddChains` keeps in flight: enough for two units with a latency of four or
/// five cycles, and no more than stay in registers. A tile of more than six rows means that a vector
/// of sixteen lanes is one register of 32, not two of sixteen.
@inline(__always) private var hasWideRegisters: Bool { maximumTileRows > 6 }

/// Vectors of `laneCount` sums that `multiplyAddChains` works on.
public var chainCount: Int { hasWideRegisters ? 12 : 6 }

/// `sum = fma(sum, factor, addend)`, `rounds` times for each of `chainCount * laneCount` sums: as many
/// fused multiply-adds as the core can do, since none waits for memory or for another chain.
///
/// - Parameter sums: where the chains start, and where they end; all different, lest the compiler
///   take them for one.
public func multiplyAddChains(
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

/// Six sums in registers: variables of their own, since an array would lie in memory.
private struct SixChains {
  var a: Lanes
  var b: Lanes
  var c: Lanes
  var d: Lanes
  var e: Lanes
  var f: Lanes

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

/// Reads values once from beginning to end and returns their sum, in an order of its own.
///
/// - Parameter count: a multiple of `4 * laneCount`.
public func sweep(values: UnsafePointer<Float>, count: Int) -> Float {
  var (a, b, c, d) = (Lanes.zero, Lanes.zero, Lanes.zero, Lanes.zero)
  var next = values
  for _ in 0..<count / (4 * laneCount) {
    // As far ahead as the products with weights look, in steps of one cache line.
    kernel_prefetch(next + sweepDistance)
    kernel_prefetch(next + (sweepDistance &+ laneCount))
    kernel_prefetch(next + (sweepDistance &+ 2 &* laneCount))
    kernel_prefetch(next + (sweepDistance &+ 3 &* laneCount))
    a += next.lanes()
    b += (next + laneCount).lanes()
    c += (next + 2 * laneCount).lanes()
    d += (next + 3 * laneCount).lanes()
    next += 4 * laneCount
  }
  return treeSum((a + b) + (c + d))
}

/// Floats between what is added and what is asked for.
@inline(__always) private var sweepDistance: Int { 256 * laneCount }
