/// The kernels of one instruction set. Every build computes the same bits (docs/numerics.md).
public protocol KernelSet: SendableMetatype {
  /// Most rows of `x` in a register tile.
  static var maximumTileRows: Int { get }

  /// Most rows of `x` that share weights decoded in registers.
  static var maximumStoredRows: Int { get }

  /// `y[row, feature] += Σ_k x[row, k] · w[feature, k]` for one row tile and some float32 panels.
  ///
  /// Within a block of `reductionBlock` k's one fused chain, k ascending, from zero; then block after
  /// block is added to `y`, which the caller has set to zero (or to what the sum starts from).
  /// - Parameters:
  ///   - x: `1 ... maximumTileRows` rows.
  ///   - y: `panels.count * laneCount` sums of each row are written.
  static func panelProduct(_ panels: FloatPanels, _ x: RowTile, addingTo y: Sums, _: Prefetch)

  /// `panelProduct` for panels of a compact storage: the weights are decoded in registers, to the
  /// `Float`s of a float32 copy, and enter the same chains.
  ///
  /// For few rows only: beyond `maximumStoredRows`, decoding once for all rows (`decodePanels`) costs
  /// less than decoding for each tile of them.
  /// - Parameters:
  ///   - panels: of a storage other than float32.
  ///   - x: `1 ... maximumStoredRows` rows, its depth a multiple of the storage's group depth.
  static func storedPanelProduct(_ panels: StoredPanels, _ x: RowTile, addingTo y: Sums)

  /// Decodes some k's of some panels of a compact storage to float32 panels, `[count][depth][16]`.
  /// - Parameters:
  ///   - depth: a multiple of the storage's group depth.
  ///   - ahead: bytes from what is read to what is prefetched.
  static func decodePanels(
    _ panels: StoredPanels, depth: Int, ahead: Int, into target: UnsafeMutablePointer<Float>)

  /// `target[k, row] = source[row, k]`: packs rows as a `RowTile`, `[depth][rows]`.
  /// - Parameter source: `[rows]` rows of `depth` numbers, `stride` floats apart.
  static func packRows(
    _ source: UnsafePointer<Float>, stride: Int, rows: Int, depth: Int,
    into target: UnsafeMutablePointer<Float>)

  /// Decodes IEEE binary16 numbers to the float32 numbers that they are; NaN stays NaN.
  /// - Parameters:
  ///   - source: `runs` runs of `count` numbers, the beginnings `stride` numbers apart; they are
  ///     written one behind the other.
  ///   - count: a multiple of `laneCount`.
  static func decodeHalves(
    _ source: UnsafeRawPointer, runs: Int, stride: Int, count: Int,
    into target: UnsafeMutablePointer<Float>)

  /// `y[d] += Σ_j weights[j] · value(j)[d]` for one query: the end of its list of visible keys, which
  /// no other query shares.
  ///
  /// The order of `panelProduct`. The list continues one whose length was a multiple of
  /// `reductionBlock`.
  /// - Parameters:
  ///   - weights: softmax numerators, one for each value.
  ///   - values: the first panel of each key's value; its 16 dimensions of panel p stand
  ///     `p * panelStride` floats further.
  ///   - y: `panels * laneCount` sums.
  static func addWeightedValues(
    weights: UnsafePointer<Float>, values: UnsafeBufferPointer<UnsafePointer<Float>>, panels: Int,
    panelStride: Int, to y: UnsafeMutablePointer<Float>)

  /// Replaces scores by their softmax numerators `exp(scores[i] - max)` and returns the denominator.
  ///
  /// The sum: lane l adds the numerators i ≡ l mod 16, ascending; then a tree over the lanes.
  static func exponentiate(_ scores: UnsafeMutablePointer<Float>, count: Int) -> Float

  /// One row of RMSNorm: `y[i] = weight[i] · (x[i] · s)`, `s = 1 / √(Σ x[i]² / count + epsilon)`.
  ///
  /// The sum: lane l adds `x[i]²` by fused multiply-add for i ≡ l mod 16, ascending; then a tree.
  static func rmsNormRow(
    _ x: UnsafePointer<Float>, weight: UnsafePointer<Float>, epsilon: Float, count: Int,
    into y: UnsafeMutablePointer<Float>)

  /// One row of SwiGLU: `y[i] = gate[i] / (1 + exp(-gate[i])) · up[i]`.
  static func swiGLURow(
    gate: UnsafePointer<Float>, up: UnsafePointer<Float>, count: Int,
    into y: UnsafeMutablePointer<Float>)

  /// One row of GELU with tanh, gated: `y[i] = gelu(gate[i]) · up[i]`,
  /// `gelu(g) = ½ g (1 + tanh u) = g / (1 + exp(-2u))`, `u = √(2/π) · (g + 0.044715 g³)`.
  static func tanhGELURow(
    gate: UnsafePointer<Float>, up: UnsafePointer<Float>, count: Int,
    into y: UnsafeMutablePointer<Float>)

  /// `x[i] ← cap · tanh(x[i] / cap)`.
  static func softCap(_ x: UnsafeMutablePointer<Float>, cap: Float, count: Int)

  /// Rotates one head by the angles of its position: with `h = headDim / 2` and for `i < h`,
  /// `(x[i], x[i + h]) ← (x[i]·cos[i] - x[i + h]·sin[i], x[i + h]·cos[i] + x[i]·sin[i])`; the product
  /// with the sine is rounded, the product with the cosine is fused with the addition.
  static func rotateHead(
    _ x: UnsafeMutablePointer<Float>, cosines: UnsafePointer<Float>, sines: UnsafePointer<Float>,
    headDim: Int)

  /// Vectors of `laneCount` sums that `multiplyAddChains` computes.
  static var chainCount: Int { get }

  /// `sum = fma(sum, factor, addend)`, `rounds` times for each of `chainCount * laneCount` sums: the
  /// arithmetic peak of the core, since no chain waits for memory or for another.
  /// - Parameter sums: initial values, replaced by the results; all different, so that the compiler
  ///   cannot merge chains.
  static func multiplyAddChains(
    sums: UnsafeMutablePointer<Float>, factor: Float, addend: Float, rounds: Int)

  /// Reads values once from beginning to end and returns their sum, in an order of its own: the read
  /// bandwidth.
  /// - Parameter count: a multiple of `4 * laneCount`.
  static func sweep(values: UnsafePointer<Float>, count: Int) -> Float
}
