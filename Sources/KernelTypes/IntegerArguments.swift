/// How activations are rounded to integers for a product with quantised weights (docs/numerics.md).
public struct ActivationRounding: Hashable, Sendable {
  /// Bytes of an integer: 1, for -127 … 127, or 2, for -32,639 … 32,639.
  public var planes: Int
  /// Groups of 32 k's that share a scale: 1 or 8.
  public var groupsPerScale: Int
  /// Whether the scale and the sum that goes with an offset are rounded to binary16.
  public var roundsScales: Bool
  /// Sums of a group: 2, if each half of it has a scale of its own.
  public var sumsPerGroup: Int
  /// What is to be subtracted from each code of the weights.
  public var codeOffset: Int32

  public init(
    planes: Int, groupsPerScale: Int, roundsScales: Bool, sumsPerGroup: Int, codeOffset: Int32
  ) {
    self.planes = planes
    self.groupsPerScale = groupsPerScale
    self.roundsScales = roundsScales
    self.sumsPerGroup = sumsPerGroup
    self.codeOffset = codeOffset
  }

  /// The largest integer.
  public var limit: Float { planes == 1 ? 127 : 32_639 }

  /// 32-bit words of one row in one group: see `IntegerTile`.
  public var recordWords: Int { Self.recordWords(planes: planes, sums: sumsPerGroup) }

  @inlinable public static func recordWords(planes: Int, sums: Int) -> Int {
    8 * planes + 2 * sums + 1
  }
}

/// Some rows of activations as integers, `[groups][rows][record]`.
///
/// A record is, in 32-bit words: eight words with the low bytes of 32 integers, signed; eight with the
/// high ones if there are two planes (value = 256 · high + low); then for each sum of the group
/// `-codeOffset · Σ integers`, and for each `scale · Σ integers` as a `Float`; then the scale.
public struct IntegerTile {
  public let base: UnsafePointer<Int32>
  public let rows: Int
  /// Groups of 32 k's.
  public let groups: Int
  public let planes: Int

  @inlinable public init(_ base: UnsafePointer<Int32>, rows: Int, groups: Int, planes: Int) {
    (self.base, self.rows, self.groups, self.planes) = (base, rows, groups, planes)
  }
}

/// The kernels of products in integers, of one instruction set. Every build computes the same bits.
public protocol IntegerKernelSet: SendableMetatype {
  /// Most rows of `product`.
  static var maximumTileRows: Int { get }

  /// Rounds rows of activations to integers.
  /// - Parameters:
  ///   - source: `[rows]` rows of `groups * 32` numbers, `stride` floats apart.
  ///   - target: an `IntegerTile` of `groups * rows * rounding.recordWords` words.
  static func round(
    _ source: UnsafePointer<Float>, stride: Int, rows: Int, groups: Int,
    by rounding: ActivationRounding, into target: UnsafeMutablePointer<Int32>)

  /// `y[row, feature] = Σ over groups of (Σ_k x · code) · x scale · scale [ + x sum · offset ]`: the sums
  /// of a group are integers, those over groups float32, group after group, each term one fused
  /// multiply-add.
  /// - Parameters:
  ///   - panels: of a block format.
  ///   - x: `1 ... maximumTileRows` rows.
  ///   - y: `panels.count * laneCount` values of each row are written.
  static func product(_ panels: StoredPanels, _ x: IntegerTile, into y: Sums)
}
