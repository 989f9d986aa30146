import KernelTypes

extension Kernels {
  public static func rmsNormRow(
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

  public static func swiGLURow(
    gate: UnsafePointer<Float>, up: UnsafePointer<Float>, count: Int,
    into y: UnsafeMutablePointer<Float>
  ) {
    forEachLanes(count) { offset, valid in
      let gate = (gate + offset).lanes(valid)
      let silu = gate / (Lanes(repeating: 1) + exponential(Lanes.zero - gate))
      (y + offset).store(silu * (up + offset).lanes(valid), valid)
    }
  }

  public static func tanhGELURow(
    gate: UnsafePointer<Float>, up: UnsafePointer<Float>, count: Int,
    into y: UnsafeMutablePointer<Float>
  ) {
    // √(2/π) · 2, since ½ (1 + tanh u) = 1 / (1 + exp(-2u)).
    let factor = Lanes(repeating: 1.595_769_121_605_730_8)
    forEachLanes(count) { offset, valid in
      let gate = (gate + offset).lanes(valid)
      let cubic = gate.addingProduct(gate * gate * gate, Lanes(repeating: 0.044_715))
      let gelu = gate / (Lanes(repeating: 1) + exponential(Lanes.zero - cubic * factor))
      (y + offset).store(gelu * (up + offset).lanes(valid), valid)
    }
  }

  public static func softCap(_ x: UnsafeMutablePointer<Float>, cap: Float, count: Int) {
    let source = UnsafePointer(x)
    forEachLanes(count) { offset, valid in
      let scaled = (source + offset).lanes(valid) / Lanes(repeating: cap)
      (x + offset).store(hyperbolicTangent(scaled) * Lanes(repeating: cap), valid)
    }
  }

  public static func exponentiate(_ scores: UnsafeMutablePointer<Float>, count: Int) -> Float {
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

  public static func rotateHead(
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
}

/// Runs `body` on the values `0 ..< count`, sixteen lanes at a time, of which `valid` are within.
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
  /// The first `valid` values, then `padding`.
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
