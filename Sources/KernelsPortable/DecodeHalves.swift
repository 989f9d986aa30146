import CKernelSupport
import KernelTypes

extension Kernels {
  public static func decodeHalves(
    _ source: UnsafeRawPointer, runs: Int, stride: Int, count: Int,
    into target: UnsafeMutablePointer<Float>
  ) {
    var target = target
    for run in 0..<runs {
      var half = source + 2 &* run &* stride
      let end = target + count
      while target < end {
        target.store(kernel_floats_of_halves(half.loadUnaligned(as: SIMD16<UInt16>.self)))
        half += 2 &* laneCount
        target += laneCount
      }
    }
  }
}
