import CKernelSupport
import KernelTypes
import KernelsPortable

#if arch(x86_64)
  import KernelsX86V3
  import KernelsX86V4
#endif

/// The builds of the kernels. All compute the same bits; they differ in speed.
public enum InstructionSet: String, CaseIterable, Sendable, Codable {
  /// What every CPU of the architecture has: NEON on arm64; on x86-64, where fused multiply-adds
  /// are then calls into libm, correct and very slow.
  case portable
  /// x86-64-v3: AVX2 and FMA.
  case x86v3 = "x86-64-v3"
  /// x86-64-v4: AVX-512.
  case x86v4 = "x86-64-v4"

  /// Those that this CPU can run, the fastest last.
  public static var available: [InstructionSet] {
    switch kernel_x86_level() {
    case 4...: [.portable, .x86v3, .x86v4]
    case 3: [.portable, .x86v3]
    default: [.portable]
    }
  }

  public static var best: InstructionSet { available.last ?? .portable }

  /// Whether the kernels run at a useful speed; false on an x86-64 CPU without FMA.
  public var isFast: Bool {
    #if arch(x86_64)
      self != .portable
    #else
      true
    #endif
  }

  var kernels: any KernelSet.Type {
    #if arch(x86_64)
      switch self {
      case .portable: KernelsPortable.Kernels.self
      case .x86v3: KernelsX86V3.Kernels.self
      case .x86v4: KernelsX86V4.Kernels.self
      }
    #else
      KernelsPortable.Kernels.self
    #endif
  }
}
