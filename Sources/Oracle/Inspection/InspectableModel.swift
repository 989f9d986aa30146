import Llama
import Tensor

/// A model whose passes can be seen from inside.
public protocol InspectableModel: CausalLanguageModel {
  var configuration: LlamaConfiguration { get }

  /// A pass, as `CausalLanguageModel.forward` runs it, with tensors of it.
  /// - Parameter onLayer: called after the embedding and after each block; what it throws ends the
  ///   pass.
  func forward(
    tokens: [TokenID], positions: [Int], mask: AttentionMask, logitRows: [Int],
    cache: inout Cache, showing selection: TensorSelection, onLayer: (PassedLayer) throws -> Void
  ) throws -> PassTensors
}

/// What is seen of a pass on its way.
public struct PassedLayer: Equatable, Sendable {
  /// 0 after the embedding, 1 … layerCount after the blocks.
  public let layer: Int
  /// The first row whose hidden state is not finite; none if all are.
  public let firstNonFiniteRow: Int?
}

/// The tensors of a pass, collected while it runs.
private struct PassCollector {
  let selection: TensorSelection
  /// The rows that the output head is run for.
  let logitRows: [Int]
  private let attentionShape: [Int]
  private var hidden: [TraceTensor] = []
  private var attention: [TraceTensor] = []

  init(
    _ selection: TensorSelection, logitRows: [Int], rows: Int, mask: AttentionMask,
    of configuration: LlamaConfiguration
  ) {
    self.selection = selection
    self.logitRows = selection.allLogits ? Array(0..<rows) : logitRows
    attentionShape = [rows, configuration.attentionHeads, mask.cachedCount + rows]
  }

  mutating func add(
    layer: Int, hidden values: @autoclosure () -> TraceTensor.Values,
    attention weights: @autoclosure () -> TraceTensor.Values?
  ) {
    let rows = attentionShape[0]
    if selection.hidden {
      let values = values()
      hidden.append(
        TraceTensor(
          .hidden(layer: layer), shape: [rows, values.count / max(1, rows)], values: values))
    }
    if selection.attention.contains(layer), let weights = weights() {
      attention.append(
        TraceTensor(.attention(layer: layer), shape: attentionShape, values: weights))
    }
  }

  /// - Parameter requested: the rows whose logits the decoder reads.
  func result(logits: Matrix, values: TraceTensor.Values, requested: [Int]) -> PassTensors {
    let tensor = TraceTensor(.logits, shape: [logits.rows, logits.columns], values: values)
    return PassTensors(
      logits: selection.allLogits ? logits.selectingRows(requested) : logits,
      logitRows: logitRows, tensors: [tensor] + hidden + attention)
  }
}

extension LlamaModel: InspectableModel {
  /// A pass with tensors in F32.
  public func forward(
    tokens: [TokenID], positions: [Int], mask: AttentionMask, logitRows: [Int],
    cache: inout KVCache, showing selection: TensorSelection,
    onLayer: (PassedLayer) throws -> Void
  ) throws -> PassTensors {
    var collector = PassCollector(
      selection, logitRows: logitRows, rows: tokens.count, mask: mask, of: configuration)
    let logits = try forward(
      tokens: tokens, positions: positions, mask: mask, logitRows: collector.logitRows,
      cache: &cache, shownAttention: selection.attention
    ) { shown in
      try onLayer(
        PassedLayer(layer: shown.layer, firstNonFiniteRow: shown.hidden.firstNonFiniteRow))
      collector.add(
        layer: shown.layer, hidden: .float32(shown.hidden.elements),
        attention: shown.attentionWeights.map { .float32($0.elements) })
    }
    return collector.result(
      logits: logits, values: .float32(logits.elements), requested: logitRows)
  }
}

extension ReferenceModel: InspectableModel {
  /// A pass with tensors in F64; a decoder reads its logits rounded to Float once.
  public func forward(
    tokens: [TokenID], positions: [Int], mask: AttentionMask, logitRows: [Int],
    cache: inout ReferenceCache, showing selection: TensorSelection,
    onLayer: (PassedLayer) throws -> Void
  ) throws -> PassTensors {
    var collector = PassCollector(
      selection, logitRows: logitRows, rows: tokens.count, mask: mask, of: configuration)
    let logits = try forward(
      tokens: tokens, positions: positions, mask: mask, logitRows: collector.logitRows,
      cache: &cache, shownAttention: selection.attention
    ) { (shown: ReferenceLayer) in
      try onLayer(PassedLayer(layer: shown.layer, firstNonFiniteRow: shown.firstNonFiniteRow))
      collector.add(
        layer: shown.layer, hidden: .float64(Array(shown.hidden.joined())),
        attention: .float64(shown.attentionWeights.flatMap { $0.joined() }))
    }
    let rounded = Matrix(
      rows: logits.count, columns: vocabularySize, elements: logits.joined().map { Float($0) })
    return collector.result(
      logits: rounded, values: .float64(Array(logits.joined())), requested: logitRows)
  }
}
