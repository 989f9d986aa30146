import Files
import Llama
import Tensor

/// A tensor of a trace: numbers of one pass.
public struct TraceTensor: Equatable, Sendable {
  /// The numbers, the slowest-running dimension first.
  public enum Values: Equatable, Sendable {
    /// Of the fast model: F32.
    case float32([Float])
    /// Of the reference: F64.
    case float64([Double])

    public var count: Int {
      switch self {
      case .float32(let values): values.count
      case .float64(let values): values.count
      }
    }
  }

  public let name: TensorName
  public let shape: [Int]
  public let values: Values

  /// - Precondition: the sizes multiply to the number of values.
  public init(_ name: TensorName, shape: [Int], values: Values) {
    precondition(
      shape.reduce(1, *) == values.count, "\(values.count) values for the shape \(shape)")
    self.name = name
    self.shape = shape
    self.values = values
  }
}

/// The tensors of a pass to record.
public struct TensorSelection: Equatable, Sendable {
  /// Whether the logits of all rows are recorded, which changes no bit of the others on the exact
  /// path, or only those that the decoder requests.
  public var allLogits: Bool
  /// Whether the hidden states after the embedding and after each block are recorded.
  public var hidden: Bool
  /// The blocks, 1 … layerCount, whose attention weights are recorded.
  public var attention: Set<Int>

  public init(allLogits: Bool = false, hidden: Bool = false, attention: Set<Int> = []) {
    (self.allLogits, self.hidden, self.attention) = (allLogits, hidden, attention)
  }

  /// Numbers of hidden states and attention weights that are there at once in a pass: all that are kept
  /// until it is over, and the largest tensor once more, from which it is copied.
  /// - Parameters:
  ///   - rows: rows of the pass.
  ///   - keys: its rows and those that are cached.
  /// - Returns: `Int.max` for what would be more.
  public func shownCount(rows: Int, keys: Int, of configuration: LlamaConfiguration) -> Int {
    let hidden = self.hidden ? rows.times(configuration.hiddenSize) : 0
    let attention =
      self.attention.isEmpty ? 0 : rows.times(configuration.attentionHeads).times(keys)
    return hidden.times(configuration.layerCount + 1).adding(attention.times(self.attention.count))
      .adding(max(hidden, attention))
  }

  /// Checks that a model has the blocks.
  /// - Throws: `TraceError.noSuchBlock`.
  public func check(for configuration: LlamaConfiguration) throws(TraceError) {
    let blocks = 1...max(1, configuration.layerCount)
    if let block = attention.sorted().first(where: { !blocks.contains($0) }) {
      throw .noSuchBlock(block, layerCount: configuration.layerCount)
    }
  }
}

/// What a pass showed.
public struct PassTensors: Sendable {
  /// The requested logits, as a decoder reads them, `[logitRows, vocabularySize]`.
  public let logits: Matrix
  /// The row of the pass that each row of the tensor `logits` belongs to.
  public let logitRows: [Int]
  /// The tensors in the order in which a file has them: `logits`, `hidden.0`, `hidden.1`, …,
  /// `attention.1`, ….
  public let tensors: [TraceTensor]
}
