import Tensor

/// Numbers from -1 to 1 that repeat with the seed.
public func randomFloats(_ count: Int, seed: UInt64) -> [Float] {
  var generator = SeededGenerator(seed: seed)
  return (0..<count).map { _ in Float.random(in: -1...1, using: &generator) }
}

/// A matrix of numbers from -1 to 1 that repeats with the seed.
public func randomMatrix(rows: Int, columns: Int, seed: UInt64) -> Matrix {
  Matrix(rows: rows, columns: columns, elements: randomFloats(rows * columns, seed: seed))
}
