/// Rotates the first features of the heads of each row by the angles of the row's position:
/// with h angles, `2h` of the `headDim` features turn; for `i < h`,
/// `(x[i], x[i + h]) ← (x[i]·cos[i] - x[i + h]·sin[i], x[i + h]·cos[i] + x[i]·sin[i])`.
///
/// - Parameters:
///   - x: `[tokens, ≥ heads * headDim]`; the first `heads * headDim` columns of each row are heads,
///     the others stay as they are.
///   - cosines: `[tokens, h]`, row `t` for the position of token `t`.
///   - sines: `[tokens, h]`.
/// - Precondition: the shapes fit. Source: arXiv:2104.09864, in the half-split form of the
///   Hugging Face checkpoints.
public func rotate(
  _ x: inout Matrix, heads: Int, headDim: Int, cosines: Matrix, sines: Matrix,
  on executor: Executor
) {
  let (rows, columns, half) = (x.rows, x.columns, cosines.columns)
  precondition(
    2 * half <= headDim && heads * headDim <= columns,
    "\(heads) heads of \(headDim) in \(columns) columns")
  precondition(
    cosines.rows == rows && cosines.columns == half && sines.rows == rows && sines.columns == half,
    "angles for \(cosines.rows) × \(cosines.columns), rotation of \(rows) × \(half)")
  cosines.withElements { cosines in
    sines.withElements { sines in
      x.withElements { (x: UnsafeMutablePointer<Float>) in
        executor.forEachRow(rows) { row in
          for head in 0..<heads {
            executor.kernels.rotateHead(
              x + (row * columns + head * headDim), cosines: cosines + row * half,
              sines: sines + row * half, headDim: 2 * half)
          }
        }
      }
    }
  }
}
