/// How wide a register tile is here: two panels.
typealias TileWeights = TwoPanels

/// How many rows of `x` a register tile holds at the most: 24 sums, two vectors of weights and one
/// value of `x` fit the thirty-two 512-bit registers.
public let maximumTileRows = 12

/// How many rows of `x` share weights that are decoded in registers: 16 sums leave half of the
/// registers to the decoding.
@inline(__always) public var maximumStoredRows: Int { 8 }
