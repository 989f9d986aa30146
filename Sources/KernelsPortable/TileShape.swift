/// How wide a register tile is here: one panel, since without 512-bit registers a panel's vector
/// takes two to four registers.
typealias TileWeights = OnePanel

/// How many rows of `x` a register tile holds at the most: six sums of a panel, the weights and one
/// value of `x` fill sixteen 256-bit registers.
public let maximumTileRows = 6

/// How many rows of `x` share weights that are decoded in registers.
@inline(__always) public var maximumStoredRows: Int { 4 }
