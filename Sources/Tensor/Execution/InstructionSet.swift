import CKernelSupport
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

  /// The fastest that this CPU can run.
  public static var best: InstructionSet { available.last ?? .portable }

  /// Whether the kernels run at a useful speed; false on an x86-64 CPU without FMA.
  public var isFast: Bool {
    #if arch(x86_64)
      self != .portable
    #else
      true
    #endif
  }
}

/// The kernels of one instruction set. The parameters are those of the functions of the same name.
struct KernelTable: Sendable {
  typealias Source = UnsafePointer<Float>
  typealias Target = UnsafeMutablePointer<Float>

  let maximumTileRows: Int
  let panelProduct:
    @Sendable (Source, Int, Int, Source, Int, Int, Int, Int, Int, Target, Int) -> Void
  let packRows: @Sendable (Source, Int, Int, Int, Target) -> Void
  let maximumStoredRows: Int
  let storedPanelProduct:
    @Sendable (Int, UnsafeRawPointer, Int, Int, Source, Int, Int, Target, Int) -> Void
  let decodePanels: @Sendable (Int, UnsafeRawPointer, Int, Int, Int, Int, Target) -> Void
  let addWeightedValues: @Sendable (Source, UnsafePointer<Source>, Int, Int, Int, Target) -> Void
  let exponentiate: @Sendable (Target, Int) -> Float
  let rmsNormRow: @Sendable (Source, Source, Float, Int, Target) -> Void
  let swiGLURow: @Sendable (Source, Source, Int, Target) -> Void
  let rotateHead: @Sendable (Target, Source, Source, Int) -> Void
  let chainCount: Int
  let multiplyAddChains: @Sendable (Target, Float, Float, Int) -> Void
  let sweep: @Sendable (Source, Int) -> Float
}

extension KernelTable {
  init(_ instructionSet: InstructionSet) {
    switch instructionSet {
    #if arch(x86_64)
      case .x86v3: self = KernelTable.x86v3
      case .x86v4: self = KernelTable.x86v4
    #else
      case .x86v3, .x86v4: self = KernelTable.portable
    #endif
    case .portable: self = KernelTable.portable
    }
  }

  private static let portable = KernelTable(
    maximumTileRows: KernelsPortable.maximumTileRows,
    panelProduct: KernelsPortable.panelProduct, packRows: KernelsPortable.packRows,
    maximumStoredRows: KernelsPortable.maximumStoredRows,
    storedPanelProduct: KernelsPortable.storedPanelProduct,
    decodePanels: KernelsPortable.decodePanels,
    addWeightedValues: KernelsPortable.addWeightedValues,
    exponentiate: KernelsPortable.exponentiate, rmsNormRow: KernelsPortable.rmsNormRow,
    swiGLURow: KernelsPortable.swiGLURow, rotateHead: KernelsPortable.rotateHead,
    chainCount: KernelsPortable.chainCount,
    multiplyAddChains: KernelsPortable.multiplyAddChains, sweep: KernelsPortable.sweep)

  #if arch(x86_64)
    private static let x86v3 = KernelTable(
      maximumTileRows: KernelsX86V3.maximumTileRows,
      panelProduct: KernelsX86V3.panelProduct, packRows: KernelsX86V3.packRows,
      maximumStoredRows: KernelsX86V3.maximumStoredRows,
      storedPanelProduct: KernelsX86V3.storedPanelProduct,
      decodePanels: KernelsX86V3.decodePanels,
      addWeightedValues: KernelsX86V3.addWeightedValues,
      exponentiate: KernelsX86V3.exponentiate, rmsNormRow: KernelsX86V3.rmsNormRow,
      swiGLURow: KernelsX86V3.swiGLURow, rotateHead: KernelsX86V3.rotateHead,
      chainCount: KernelsX86V3.chainCount,
      multiplyAddChains: KernelsX86V3.multiplyAddChains, sweep: KernelsX86V3.sweep)

    private static let x86v4 = KernelTable(
      maximumTileRows: KernelsX86V4.maximumTileRows,
      panelProduct: KernelsX86V4.panelProduct, packRows: KernelsX86V4.packRows,
      maximumStoredRows: KernelsX86V4.maximumStoredRows,
      storedPanelProduct: KernelsX86V4.storedPanelProduct,
      decodePanels: KernelsX86V4.decodePanels,
      addWeightedValues: KernelsX86V4.addWeightedValues,
      exponentiate: KernelsX86V4.exponentiate, rmsNormRow: KernelsX86V4.rmsNormRow,
      swiGLURow: KernelsX86V4.swiGLURow, rotateHead: KernelsX86V4.rotateHead,
      chainCount: KernelsX86V4.chainCount,
      multiplyAddChains: KernelsX86V4.multiplyAddChains, sweep: KernelsX86V4.sweep)
  #endif
}
