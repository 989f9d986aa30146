import KernelTypes

/// The width of a register tile: two panels.
typealias TileWeights = TwoPanels

extension Kernels {
  /// 24 sums, two vectors of weights and one value of `x` fit the thirty-two 512-bit registers.
  @inline(__always) public static var maximumTileRows: Int { 12 }

  /// Decoding for each tile of more than eight rows costs more than decoding once for all.
  @inline(__always) public static var maximumStoredRows: Int { 8 }
}
