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

/// Scales parts of every row, each by itself, to unit root-mean-square, in place: for each of `count`
/// parts of `weight.count` features from column `first` on what `rmsNorm` does to a row.
///
/// - Parameter x: activations, `[tokens, ≥ first + count * weight.count]`.
/// - Precondition: the parts are within the row.
public func rmsNormParts(
  _ x: inout Matrix, from first: Int, count: Int, weight: [Float], epsilon: Float,
  on executor: Executor
) {
  let (rows, columns, width) = (x.rows, x.columns, weight.count)
  precondition(
    first >= 0 && first + count * width <= columns,
    "\(count) parts of \(width) from \(first) in \(columns) columns")
  x.withElements { (x: UnsafeMutablePointer<Float>) in
    weight.withUnsafeBufferPointer { weight in
      guard let weight = weight.baseAddress else { return }
      executor.forEachRow(rows) { row in
        for part in 0..<count {
          let features = x + (row * columns + first + part * width)
          executor.kernels.rmsNormRow(
            features, weight: weight, epsilon: epsilon, count: width, into: features)
        }
      }
    }
  }
}

/// The nonlinear function of a gated feed-forward network.
public enum Activation: String, Codable, Sendable {
  /// `silu(g) = g / (1 + exp(-g))`.
  case silu
  /// `gelu(g) = ½ g (1 + tanh(√(2/π) · (g + 0.044715 g³)))`. Source: arXiv:1606.08415.
  case tanhGELU
}

/// The gated activation of the feed-forward network: `y[t, i] = f(gate[t, i]) · up[t, i]` with
/// the activation f.
///
/// - Parameter gateUp: `[tokens, 2 * intermediateSize]`; in each row first all gates, then all ups.
/// - Returns: `[tokens, intermediateSize]`; row `t` depends on row `t` alone, bit for bit.
/// - Precondition: `gateUp.columns` is even. Source: arXiv:2002.05202.
public func gated(_ activation: Activation, _ gateUp: Matrix, on executor: Executor) -> Matrix {
  precondition(gateUp.columns.isMultiple(of: 2), "gated: \(gateUp.columns) columns")
  let half = gateUp.columns / 2
  return Matrix(rows: gateUp.rows, columns: half) { y in
    gateUp.withElements { source in
      executor.forEachRow(gateUp.rows) { row in
        let gate = source + row * 2 * half
        let target = y + row * half
        switch activation {
        case .silu:
          executor.kernels.swiGLURow(gate: gate, up: gate + half, count: half, into: target)
        case .tanhGELU:
          executor.kernels.tanhGELURow(gate: gate, up: gate + half, count: half, into: target)
        }
      }
    }
  }
}

/// Bounds every element, in place: `x ← cap · tanh(x / cap)`. Source: arXiv:2408.00118.
public func softCap(_ x: inout Matrix, cap: Float, on executor: Executor) {
  let columns = x.columns
  let rows = x.rows
  x.withElements { (x: UnsafeMutablePointer<Float>) in
    executor.forEachRow(rows) { row in
      executor.kernels.softCap(x + row * columns, cap: cap, count: columns)
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
