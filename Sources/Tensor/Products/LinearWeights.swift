/// The weights `W` of a linear layer `y = x · Wᵀ`, `[outputs, inputs]`, laid out for one product path.
///
/// Panels of 16 output features, float32 or in the form of the file (`WeightStorage`); for `.blas`
/// row-major float32.
public struct LinearWeights: Sendable {
  /// Output features: rows of `W`.
  public let outputs: Int
  /// Input features: columns of `W`.
  public let inputs: Int
  public let path: MatrixProductPath
  let layout: Layout

  enum Layout: Sendable {
    /// One for each source, their outputs one below the other.
    case panels([WeightPanels])
    case rowMajor(FloatBuffer)
  }

  public var byteCount: Int {
    switch layout {
    case .panels(let parts): parts.reduce(0) { $0 + $1.byteCount }
    case .rowMajor(let buffer): buffer.count * MemoryLayout<Float>.stride
    }
  }

  /// Bytes of a matrix in panels with `WeightStorage.stored`.
  public static func byteCount(rows: Int, columns: Int, format: ElementFormat) -> Int {
    WeightPanels.byteCount(
      rows: rows, layout: PanelLayout(format, columns: columns, as: .stored))
  }

  /// Reads the rows of all sources, one below the other, into the layout of `path`.
  /// - Parameters:
  ///   - storage: the form that panels keep the weights in.
  ///   - arena: where panels are kept, beside those of other matrices; nil for memory of their own.
  /// - Precondition: there is a source, and all have the same number of columns.
  public init(
    _ sources: [RowSource], path: MatrixProductPath, storage: WeightStorage = .stored,
    in arena: WeightArena? = nil, on executor: Executor
  ) {
    precondition(
      !sources.isEmpty && sources.allSatisfy { $0.columns == sources[0].columns },
      "sources of \(sources.map(\.columns)) columns")
    inputs = sources[0].columns
    outputs = sources.reduce(0) { $0 + $1.rows }
    self.path = path
    layout =
      switch path {
      case .exact, .int16, .int8:
        .panels(sources.map { WeightPanels($0, as: storage, in: arena, on: executor) })
      case .blas: .rowMajor(Self.rowMajor(sources, on: executor))
      }
  }

  private static let rowsAtATime = 16

  private static func rowMajor(_ sources: [RowSource], on executor: Executor) -> FloatBuffer {
    let inputs = sources[0].columns
    let buffer = FloatBuffer(
      uninitializedCount: sources.reduce(0) { $0 + $1.rows } * inputs)
    var start = buffer.base
    for source in sources {
      let base = start
      executor.pool.forEachRange(of: source.rows) { rows in
        var values: [Float] = []
        for first in stride(from: rows.lowerBound, to: rows.upperBound, by: Self.rowsAtATime) {
          source.forEachRow(first..<min(first + Self.rowsAtATime, rows.upperBound)) { row, bytes in
            values.removeAll(keepingCapacity: true)
            source.format.decode(bytes, count: inputs, appendingTo: &values)
            for k in 0..<inputs { base[row * inputs + k] = values[k] }
          }
        }
      }
      start += source.rows * inputs
    }
    return buffer
  }

  /// The weights of the given output features, `[features.count, inputs]`: for the embedding, the
  /// vectors of these tokens.
  /// - Precondition: each is below `outputs`.
  public func rows(_ features: [Int], on executor: Executor) -> Matrix {
    Matrix(rows: features.count, columns: inputs) { target in
      for (index, feature) in features.enumerated() {
        precondition(feature >= 0 && feature < outputs, "row \(feature) of \(outputs)")
        let target = target + index * inputs
        switch layout {
        case .rowMajor(let buffer):
          target.update(from: buffer.base + feature * inputs, count: inputs)
        case .panels(let parts):
          var first = 0
          for part in parts {
            if first..<first + part.outputs ~= feature {
              part.decode(row: feature - first, into: target, executor.kernels)
            }
            first += part.outputs
          }
        }
      }
    }
  }
}
