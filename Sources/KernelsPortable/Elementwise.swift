/// Runs `body` on the values `0 ..< count`, sixteen lanes at a time; the lanes past the end hold
/// `padding` when read and are not written.
@inline(__always) private func forEachLanes(
  _ count: Int, _ body: (_ offset: Int, _ valid: Int) -> Void
) {
  var offset = 0
  while offset < count {
    body(offset, min(laneCount, count &- offset))
    offset &+= laneCount
  }
}

extension UnsafePointer<Float> {
  /// The first `valid` values, then zeros.
  @inline(__always) fileprivate func lanes(_ valid: Int, padding: Float = 0) -> Lanes {
    if valid == laneCount { return lanes() }
    var lanes = Lanes(repeating: padding)
    for lane in 0..<valid { lanes[lane] = self[lane] }
    return lanes
  }
}

extension UnsafeMutablePointer<Float> {
  /// Writes the first `valid` lanes.
  @inline(__always) fileprivate func store(_ lanes: Lanes, _ valid: Int) {
    if valid == laneCount { return store(lanes) }
    for lane in 0..<valid { self[lane] = lanes[lane] }
  }
}

/// One row of RMSNorm: `y[i] = weight[i] · (x[i] · s)`, `s = 1 / √(Σ x[i]² / count + epsilon)`.
///
/// The sum: lane l adds `x[i]²` by fused multiply-add for i ≡ l mod 16, ascending; then `treeSum`.
public func rmsNormRow(
  _ x: UnsafePointer<Float>, weight: UnsafePointer<Float>, epsilon: Float, count: Int,
  into y: UnsafeMutablePointer<Float>
) {
  var squares = Lanes.zero
  forEachLanes(count) { offset, valid in
    let x = (x + offset).lanes(valid)
    squares.addProduct(x, x)
  }
  let scale = 1 / (treeSum(squares) / Float(count) + epsilon).squareRoot()
  forEachLanes(count) { offset, valid in
    let scaled = (x + offset).lanes(valid) * Lanes(repeating: scale)
    (y + offset).store((weight + offset).lanes(valid) * scaled, valid)
  }
}

/// One row of SwiGLU: `y[i] = gate[i] / (1 + exp(-gate[i])) · up[i]`.
public func swiGLURow(
  gate: UnsafePointer<Float>, up: UnsafePointer<Float>, count: Int,
  into y: UnsafeMutablePointer<Float>
) {
  forEachLanes(count) { offset, valid in
    let gate = (gate + offset).lanes(valid)
    let silu = gate / (Lanes(repeating: 1) + exponential(Lanes.zero - gate))
    (y + offset).store(silu * (up + offset).lanes(valid), valid)
  }
}

/// `y[i] += x[i]`.
public func addRow(
  _ x: UnsafePointer<Float>, count: Int, to y: UnsafeMutablePointer<Float>
) {
  for i in 0..<count { y[i] += x[i] }
}

/// Replaces scores by their softmax numerators `exp(scores[i] - max)` and returns the denominator.
///
/// The sum: lane l adds the numerators i ≡ l mod 16, ascending; then `treeSum`.
public func exponentiate(_ scores: UnsafeMutablePointer<Float>, count: Int) -> Float {
  let source = UnsafePointer(scores)
  var largest = Lanes(repeating: -.infinity)
  forEachLanes(count) { offset, valid in
    let lanes = (source + offset).lanes(valid, padding: -.infinity)
    largest.replace(with: lanes, where: lanes .> largest)
  }
  var maximum = largest[0]
  for lane in 1..<laneCount where largest[lane] > maximum { maximum = largest[lane] }
  var sums = Lanes.zero
  forEachLanes(count) { offset, valid in
    let numerators = exponential(
      (source + offset).lanes(valid, padding: -.infinity) - Lanes(repeating: maximum))
    sums += numerators
    (scores + offset).store(numerators, valid)
  }
  return treeSum(sums)
}

/// Rotates one head by the angles of its position: with `h = headDim / 2` and for `i < h`,
/// `(x[i], x[i + h]) ← (x[i]·cos[i] - x[i + h]·sin[i], x[i + h]·cos[i] + x[i]·sin[i])`; the product
/// with the sine is rounded, the product with the cosine is fused with the addition.
public func rotateHead(
  _ x: UnsafeMutablePointer<Float>, cosines: UnsafePointer<Float>, sines: UnsafePointer<Float>,
  headDim: Int
) {
  let half = headDim / 2
  for i in 0..<half {
    let (first, second) = (x[i], x[i &+ half])
    x[i] = (-(second * sines[i])).addingProduct(first, cosines[i])
    x[i &+ half] = (first * sines[i]).addingProduct(second, cosines[i])
  }
}
