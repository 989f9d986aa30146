import KernelTypes

/// Running sums of a register tile: some rows of `x` by some panels of weights.
///
/// The tile must live in registers, and Swift puts arrays of vectors on the stack. So a tile is
/// composed by type: one row, or two smaller tiles, one above the other. The optimiser dissolves
/// the nest into plain vector registers, and a tile of any height comes from one source.
protocol RowAccumulators {
  /// The weights of one k: one vector for each panel of the tile.
  associatedtype Weights: PanelWeights
  /// Rows of `x` in this tile.
  static var rows: Int { get }
  /// All sums zero.
  init()
  /// `sum[row] = fma(weights, x[row], sum[row])` for every row of the tile.
  mutating func addProduct(_ weights: Weights, _ x: UnsafePointer<Float>)
  /// `y[row] += sum[row]`, the rows of `y` being `stride` floats apart.
  func add(to y: UnsafeMutablePointer<Float>, stride: Int)
}

/// One vector of weights for each panel of a tile.
protocol PanelWeights {
  static var panels: Int { get }
  static var zero: Self { get }
  /// Reads one vector from each panel; panels are `stride` floats apart.
  init(_ panel: UnsafePointer<Float>, stride: Int)
  mutating func addProduct(_ weights: Self, _ x: Float)
  /// Adds to the `panels * laneCount` values at `y`.
  func add(to y: UnsafeMutablePointer<Float>)
}

/// A tile one panel wide: for instruction sets with sixteen 256-bit registers.
extension Lanes: PanelWeights {
  @inline(__always) static var panels: Int { 1 }

  @inline(__always) init(_ panel: UnsafePointer<Float>, stride: Int) { self = panel.lanes() }

  @inline(__always) mutating func addProduct(_ weights: Lanes, _ x: Float) {
    addProduct(weights, Lanes(repeating: x))
  }

  @inline(__always) func add(to y: UnsafeMutablePointer<Float>) { y.store(y.lanes() + self) }
}

/// A tile two panels wide: each value of `x` that is loaded serves 32 output features.
struct TwoPanels: PanelWeights {
  var left: Lanes
  var right: Lanes
  @inline(__always) static var panels: Int { 2 }
  @inline(__always) static var zero: TwoPanels { TwoPanels(.zero, .zero) }

  @inline(__always) init(_ left: Lanes, _ right: Lanes) { (self.left, self.right) = (left, right) }

  @inline(__always) init(_ panel: UnsafePointer<Float>, stride: Int) {
    self.init(panel.lanes(), (panel + stride).lanes())
  }

  @inline(__always) mutating func addProduct(_ weights: TwoPanels, _ x: Float) {
    left.addProduct(weights.left, x)
    right.addProduct(weights.right, x)
  }

  @inline(__always) func add(to y: UnsafeMutablePointer<Float>) {
    left.add(to: y)
    right.add(to: y + laneCount)
  }
}

/// The smallest tile: one row.
struct OneRow<Weights: PanelWeights>: RowAccumulators {
  var sums = Weights.zero
  @inline(__always) static var rows: Int { 1 }

  @inline(__always) init() {}

  @inline(__always) mutating func addProduct(_ weights: Weights, _ x: UnsafePointer<Float>) {
    sums.addProduct(weights, x[0])
  }

  @inline(__always) func add(to y: UnsafeMutablePointer<Float>, stride: Int) { sums.add(to: y) }
}

/// A tile above another one.
struct Stack<Upper: RowAccumulators, Lower: RowAccumulators>: RowAccumulators
where Upper.Weights == Lower.Weights {
  var upper = Upper()
  var lower = Lower()
  @inline(__always) static var rows: Int { Upper.rows + Lower.rows }

  @inline(__always) init() {}

  @inline(__always)
  mutating func addProduct(_ weights: Upper.Weights, _ x: UnsafePointer<Float>) {
    upper.addProduct(weights, x)
    lower.addProduct(weights, x + Upper.rows)
  }

  @inline(__always) func add(to y: UnsafeMutablePointer<Float>, stride: Int) {
    upper.add(to: y, stride: stride)
    lower.add(to: y + Upper.rows &* stride, stride: stride)
  }
}

typealias TwoRows<W: PanelWeights> = Stack<OneRow<W>, OneRow<W>>
typealias ThreeRows<W: PanelWeights> = Stack<TwoRows<W>, OneRow<W>>
typealias FourRows<W: PanelWeights> = Stack<TwoRows<W>, TwoRows<W>>
typealias FiveRows<W: PanelWeights> = Stack<FourRows<W>, OneRow<W>>
typealias SixRows<W: PanelWeights> = Stack<FourRows<W>, TwoRows<W>>
typealias SevenRows<W: PanelWeights> = Stack<FourRows<W>, ThreeRows<W>>
typealias EightRows<W: PanelWeights> = Stack<FourRows<W>, FourRows<W>>
typealias NineRows<W: PanelWeights> = Stack<EightRows<W>, OneRow<W>>
typealias TenRows<W: PanelWeights> = Stack<EightRows<W>, TwoRows<W>>
typealias ElevenRows<W: PanelWeights> = Stack<EightRows<W>, ThreeRows<W>>
typealias TwelveRows<W: PanelWeights> = Stack<EightRows<W>, FourRows<W>>
