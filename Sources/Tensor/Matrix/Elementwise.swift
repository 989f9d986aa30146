/// Scales every row of `x` to unit root-mean-square, then each feature by `weight`:
/// `y[t, i] = weight[i] · x[t, i] / √(mean(x[t]²) + epsilon)`.
///
/// - Parameters:
///   - x: activations, `[tokens, hiddenSize]`.
///   - weight: one scale per feature, `[hiddenSize]`.
///   - epsilon: the checkpoint's `rms_norm_eps`; added under the root.
/// - Returns: `[tokens, hiddenSize]`; row `t` depends on row `t` alone, bit for bit.
/// - Precondition: `weight.count == x.columns`. Source: arXiv:1910.07467.
public func rmsNorm(
  _ x: Matrix, weight: [Float], epsilon: Float, on executor: Executor
) -> Matrix {
  precondition(weight.count == x.columns, "rmsNorm: \(weight.count) scales, \(x.columns) features")
  let columns = x.columns
  return Matrix(rows: x.rows, columns: columns) { y in
    x.withElements { source in
      weight.withUnsafeBufferPointer { weight in
        guard let weight = weight.baseAddress else { return }
        executor.forEachRow(x.rows) { row in
          executor.kernels.rmsNormRow(
            source + row * columns, weight: weight, epsilon: epsilon, count: columns,
            into: y + row * columns)
        }
      }
    }
  }
}

/// The gated activation of the feed-forward network: `y[t, i] = silu(gate[t, i]) · up[t, i]` with
/// `silu(g) = g / (1 + exp(-g))`.
///
/// - Parameter gateUp: `[tokens, 2 * intermediateSize]`; in each row first all gates, then all ups.
/// - Returns: `[tokens, intermediateSize]`; row `t` depends on row `t` alone, bit for bit.
/// - Precondition: `gateUp.columns` is even. Source: arXiv:2002.05202.
public func swiGLU(_ gateUp: Matrix, on executor: Executor) -> Matrix {
  precondition(gateUp.columns.isMultiple(of: 2), "swiGLU: \(gateUp.columns) columns")
  let half = gateUp.columns / 2
  return Matrix(rows: gateUp.rows, columns: half) { y in
    gateUp.withElements { source in
      executor.forEachRow(gateUp.rows) { row in
        let gate = source + row * 2 * half
        executor.kernels.swiGLURow(
          gate: gate, up: gate + half, count: half, into: y + row * half)
      }
    }
  }
}

extension Executor {
  /// Runs `body` on each row, on all threads when there are enough rows to pay for the start.
  func forEachRow(_ rows: Int, _ body: (_ row: Int) -> Void) {
    if rows < 4 {
      for row in 0..<rows { body(row) }
    } else {
      pool.forEachRange(of: rows) { for row in $0 { body(row) } }
    }
  }
}
