import KernelTypes

/// The width of a register tile: one panel, since without 512-bit registers a panel's vector takes two
/// to four registers.
typealias TileWeights = Lanes

extension Kernels {
  /// Six sums of a panel, the weights and one value of `x` fill sixteen 256-bit registers.
  @inline(__always) public static var maximumTileRows: Int { 6 }

  /// Four sums leave half of the registers to the decoding.
  @inline(__always) public static var maximumStoredRows: Int { 4 }
}
