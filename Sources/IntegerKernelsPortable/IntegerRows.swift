import CKernelSupport
import KernelTypes

/// Bytes of an activation: see `IntegerTile`.
protocol Planes {
  static var count: Int { get }
}

enum OnePlane: Planes {
  @inline(__always) static var count: Int { 1 }
}

enum TwoPlanes: Planes {
  @inline(__always) static var count: Int { 2 }
}

/// What the sums of a tile need to know of the weights and activations they add up.
protocol IntegerTerms {
  associatedtype Codes: PanelCodes
  associatedtype Scales: PanelScales
  associatedtype Bytes: Planes
}

extension IntegerTerms {
  @inline(__always) static var sums: Int { Scales.form.scalesPerGroup }
  @inline(__always) static var recordWords: Int {
    ActivationRounding.recordWords(planes: Bytes.count, sums: sums)
  }
}

enum Terms<Codes: PanelCodes, Scales: PanelScales, Bytes: Planes>: IntegerTerms {}

/// The sums of some rows by one panel, composed by type as `RowAccumulators` are.
///
/// For each group, or half of one that has a scale of its own: `begin`, `addCodes` step by step, `end`.
protocol IntegerRows {
  associatedtype Terms: IntegerTerms
  static var rows: Int { get }
  init()
  /// Starts integer sum `sum` of the group.
  mutating func begin(_ x: UnsafePointer<Int32>, sum: Int)
  /// Adds the products of one step.
  mutating func addCodes(_ codes: CodeBytes, _ x: UnsafePointer<Int32>, step: Int)
  /// Adds the integer sum, scaled, to the sum over groups.
  mutating func end(_ x: UnsafePointer<Int32>, sum: Int, scale: Lanes, offset: Lanes)
  func store(_ y: UnsafeMutablePointer<Float>, stride: Int)
}

struct OneIntegerRow<Terms: IntegerTerms>: IntegerRows {
  private var total = Lanes.zero
  private var low = SIMD16<Int32>.zero
  private var high = SIMD16<Int32>.zero
  @inline(__always) static var rows: Int { 1 }
  @inline(__always) private static var planes: Int { Terms.Bytes.count }

  @inline(__always) init() {}

  @inline(__always) mutating func begin(_ x: UnsafePointer<Int32>, sum: Int) {
    low = SIMD16(repeating: x[8 &* Self.planes &+ sum])
    if Self.planes == 2 { high = .zero }
  }

  @inline(__always)
  mutating func addCodes(_ codes: CodeBytes, _ x: UnsafePointer<Int32>, step: Int) {
    low = Self.dot(low, codes, x[step])
    if Self.planes == 2 { high = Self.dot(high, codes, x[8 &+ step]) }
  }

  @inline(__always)
  private static func dot(
    _ sum: SIMD16<Int32>, _ codes: CodeBytes, _ x: Int32
  ) -> SIMD16<Int32> {
    Terms.Codes.areSmall ? kernel_small_dot4(sum, codes, x) : kernel_dot4(sum, codes, x)
  }

  @inline(__always)
  mutating func end(_ x: UnsafePointer<Int32>, sum: Int, scale: Lanes, offset: Lanes) {
    let integers = Self.planes == 2 ? (high &<< 8) &+ low : low
    let first = 8 &* Self.planes &+ Terms.sums
    let xScale = Float(bitPattern: UInt32(bitPattern: x[first &+ Terms.sums]))
    total.addProduct(kernel_floats(integers) * Lanes(repeating: xScale), scale)
    if Terms.Scales.form.hasOffsets {
      let xSum = Float(bitPattern: UInt32(bitPattern: x[first &+ sum]))
      total.addProduct(offset, Lanes(repeating: xSum))
    }
  }

  @inline(__always) func store(_ y: UnsafeMutablePointer<Float>, stride: Int) { y.store(total) }
}

/// A tile above another one.
struct IntegerStack<Upper: IntegerRows, Lower: IntegerRows>: IntegerRows
where Upper.Terms == Lower.Terms {
  typealias Terms = Upper.Terms
  private var upper = Upper()
  private var lower = Lower()
  @inline(__always) static var rows: Int { Upper.rows + Lower.rows }
  @inline(__always) private static var words: Int { Upper.rows &* Terms.recordWords }

  @inline(__always) init() {}

  @inline(__always) mutating func begin(_ x: UnsafePointer<Int32>, sum: Int) {
    upper.begin(x, sum: sum)
    lower.begin(x + Self.words, sum: sum)
  }

  @inline(__always)
  mutating func addCodes(_ codes: CodeBytes, _ x: UnsafePointer<Int32>, step: Int) {
    upper.addCodes(codes, x, step: step)
    lower.addCodes(codes, x + Self.words, step: step)
  }

  @inline(__always)
  mutating func end(_ x: UnsafePointer<Int32>, sum: Int, scale: Lanes, offset: Lanes) {
    upper.end(x, sum: sum, scale: scale, offset: offset)
    lower.end(x + Self.words, sum: sum, scale: scale, offset: offset)
  }

  @inline(__always) func store(_ y: UnsafeMutablePointer<Float>, stride: Int) {
    upper.store(y, stride: stride)
    lower.store(y + Upper.rows &* stride, stride: stride)
  }
}

typealias TwoIntegerRows<T: IntegerTerms> = IntegerStack<OneIntegerRow<T>, OneIntegerRow<T>>
typealias ThreeIntegerRows<T: IntegerTerms> = IntegerStack<TwoIntegerRows<T>, OneIntegerRow<T>>
typealias FourIntegerRows<T: IntegerTerms> = IntegerStack<TwoIntegerRows<T>, TwoIntegerRows<T>>
typealias FiveIntegerRows<T: IntegerTerms> = IntegerStack<FourIntegerRows<T>, OneIntegerRow<T>>
typealias SixIntegerRows<T: IntegerTerms> = IntegerStack<FourIntegerRows<T>, TwoIntegerRows<T>>
typealias SevenIntegerRows<T: IntegerTerms> = IntegerStack<FourIntegerRows<T>, ThreeIntegerRows<T>>
typealias EightIntegerRows<T: IntegerTerms> = IntegerStack<FourIntegerRows<T>, FourIntegerRows<T>>
