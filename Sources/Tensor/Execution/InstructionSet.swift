import CKernelSupport
import IntegerKernelsPortable
import KernelTypes
import KernelsPortable

#if arch(x86_64)
  import IntegerKernelsAVX2
  import IntegerKernelsAVX512VNNI
  import IntegerKernelsAVXVNNI
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
  /// The same with dot products of bytes: AVX-VNNI.
  case x86v3Dot = "x86-64-v3+vnni"
  /// x86-64-v4: AVX-512. Products in integers use AVX2.
  case x86v4 = "x86-64-v4"
  /// The same with dot products of bytes: AVX-512 VNNI.
  case x86v4Dot = "x86-64-v4+vnni"

  /// Those that this CPU can run, the fastest last.
  public static var available: [InstructionSet] {
    let (level, dotProducts) = (kernel_x86_level(), kernel_x86_dot_products())
    return allCases.filter {
      switch $0 {
      case .portable: true
      case .x86v3: level >= 3
      case .x86v3Dot: level >= 3 && dotProducts & 1 != 0
      case .x86v4: level >= 4
      case .x86v4Dot: level >= 4 && dotProducts & 2 != 0
      }
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
      case .x86v3, .x86v3Dot: KernelsX86V3.Kernels.self
      case .x86v4, .x86v4Dot: KernelsX86V4.Kernels.self
      }
    #else
      KernelsPortable.Kernels.self
    #endif
  }

  var integerKernels: any IntegerKernelSet.Type {
    #if arch(x86_64)
      switch self {
      case .portable: IntegerKernelsPortable.IntegerKernels.self
      case .x86v3, .x86v4: IntegerKernelsAVX2.IntegerKernels.self
      case .x86v3Dot: IntegerKernelsAVXVNNI.IntegerKernels.self
      case .x86v4Dot: IntegerKernelsAVX512VNNI.IntegerKernels.self
      }
    #else
      IntegerKernelsPortable.IntegerKernels.self
    #endif
  }
}
