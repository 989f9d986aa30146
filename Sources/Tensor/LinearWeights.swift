import KernelsPortable

/// Rows of a weight matrix, read when they are needed.
public struct RowSource: Sendable {
  /// Rows that can be read.
  public let rows: Int
  /// Reads a range of rows, row after row, as `[range.count * inputs]` values. Called from several
  /// threads at once.
  public let read: @Sendable (_ rows: Range<Int>) -> [Float]

  /// A source of `rows` rows.
  public init(rows: Int, read: @escaping @Sendable (_ rows: Range<Int>) -> [Float]) {
    self.rows = rows
    self.read = read
  }
}

/// The weights `W` of a linear layer `y = x · Wᵀ`, `[outputs, inputs]`, laid out for one product path.
///
/// For `.exact`: panels of 16 output features, `[panels][inputs][16]`, so that one kernel streams
/// every weight once and its vector lanes are output features. For `.blas`: row-major.
public struct LinearWeights: Sendable {
  /// Output features: rows of `W`.
  public let outputs: Int
  /// Input features: columns of `W`.
  public let inputs: Int
  /// The product path the layout serves.
  public let path: MatrixProductPath
  let buffer: FloatBuffer

  /// Bytes that the weights take in memory.
  public var byteCount: Int { buffer.count * MemoryLayout<Float>.stride }

  /// Whether both are the same weights in memory, as where a model ties head and embedding.
  public func isSameStorage(as other: LinearWeights) -> Bool { buffer === other.buffer }

  /// Panels of 16 output features; the last may be padded with zeros.
  var panelCount: Int { (outputs + laneCount - 1) / laneCount }
  var panelStride: Int { inputs * laneCount }

  /// Reads the rows of all sources, one below the other, into the layout of `path`.
  /// - Precondition: each source hands out `inputs` values a row.
  public init(
    inputs: Int, sources: [RowSource], path: MatrixProductPath, on executor: Executor
  ) {
    let outputs = sources.reduce(0) { $0 + $1.rows }
    let panelCount = (outputs + laneCount - 1) / laneCount
    self.inputs = inputs
    self.outputs = outputs
    self.path = path
    buffer = FloatBuffer(
      uninitializedCount: path == .exact ? panelCount * laneCount * inputs : outputs * inputs)
    let base = buffer.base
    executor.pool.forEachRange(of: panelCount) { panels in
      for panel in panels {
        let rows = panel * laneCount..<min(outputs, (panel + 1) * laneCount)
        let values = LinearWeights.read(rows, from: sources)
        precondition(values.count == rows.count * inputs, "\(values.count) weights for \(rows)")
        values.withUnsafeBufferPointer { values in
          guard let values = values.baseAddress else { return }
          switch path {
          case .blas:
            (base + rows.lowerBound * inputs).update(from: values, count: rows.count * inputs)
          case .exact:
            let panel = base + panel * laneCount * inputs
            if rows.count < laneCount { panel.update(repeating: 0, count: laneCount * inputs) }
            for lane in 0..<rows.count {
              for k in 0..<inputs { panel[k &* laneCount &+ lane] = values[lane &* inputs &+ k] }
            }
          }
        }
      }
    }
  }

  /// The weights of the given output features, `[features.count, inputs]`: for the embedding, the
  /// vectors of these tokens.
  /// - Precondition: each is below `outputs`.
  public func rows(_ features: [Int]) -> Matrix {
    Matrix(rows: features.count, columns: inputs) { target in
      for (row, feature) in features.enumerated() {
        precondition(feature >= 0 && feature < outputs, "row \(feature) of \(outputs)")
        let target = target + row * inputs
        switch path {
        case .blas: target.update(from: buffer.base + feature * inputs, count: inputs)
        case .exact:
          let panel = buffer.base + feature / laneCount * panelStride + feature % laneCount
          for k in 0..<inputs { target[k] = panel[k &* laneCount] }
        }
      }
    }
  }

  /// The rows of a panel may come from several sources.
  private static func read(_ rows: Range<Int>, from sources: [RowSource]) -> [Float] {
    var values: [Float] = []
    var start = 0
    for source in sources {
      let part = rows.clamped(to: start..<start + source.rows)
      if part == rows { return source.read(part.lowerBound - start..<part.upperBound - start) }
      if !part.isEmpty {
        values += source.read(part.lowerBound - start..<part.upperBound - start)
      }
      start += source.rows
    }
    return values
  }
}
