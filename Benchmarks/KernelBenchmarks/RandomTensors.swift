import Tensor

/// Seeded pseudo-random numbers between -1 and 1 (SplitMix64): what a kernel takes does not depend on
/// its numbers, as long as they are neither zeros nor subnormal.
struct RandomFloats {
  private var state: UInt64

  /// The same seed gives the same numbers.
  init(seed: Int) { state = UInt64(truncatingIfNeeded: seed) }

  /// The next number.
  mutating func next() -> Float {
    state &+= 0x9e37_79b9_7f4a_7c15
    var bits = (state ^ (state >> 30)) &* 0xbf58_476d_1ce4_e5b9
    bits = (bits ^ (bits >> 27)) &* 0x94d0_49bb_1331_11eb
    return Float(Int32(truncatingIfNeeded: bits >> 32)) / 0x1p31
  }

  /// The next `count` numbers.
  mutating func next(_ count: Int) -> [Float] {
    var numbers: [Float] = []
    numbers.reserveCapacity(count)
    for _ in 0..<count { numbers.append(next()) }
    return numbers
  }
}

/// A matrix of random numbers.
func randomMatrix(rows: Int, columns: Int, seed: Int = 1) -> Matrix {
  var random = RandomFloats(seed: seed)
  return Matrix(rows: rows, columns: columns, elements: random.next(rows * columns))
}

/// Random weights `[outputs, inputs]` in the layout of a backend. The only place that knows how
/// weights are made.
func randomWeights(_ shape: WeightShape, for backend: Backend) -> LinearWeights {
  let values = randomMatrix(rows: shape.outputs, columns: shape.inputs)
  return LinearWeights([RowSource(values)], path: backend.path, on: backend.executor)
}
