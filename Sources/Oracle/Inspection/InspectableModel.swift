import Llama
import Tensor

/// A model whose passes can be seen from inside.
public protocol InspectableModel: CausalLanguageModel {
  var configuration: LlamaConfiguration { get }

  /// A pass, as `CausalLanguageModel.forward` runs it, with tensors of it.
  /// - Parameter onLayer: called after the embedding and after each block; what it throws ends the
  ///   pass.
  func forward(
    _ request: PassRequest, cache: inout Cache, showing selection: TensorSelection,
    onLayer: (PassedLayer) throws -> Void
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
  let request: PassRequest
  let attentionHeads: Int
  private var hidden: [TraceTensor] = []
  private var attention: [TraceTensor] = []

  init(_ selection: TensorSelection, _ request: PassRequest, attentionHeads: Int) {
    (self.selection, self.request, self.attentionHeads) = (selection, request, attentionHeads)
  }

  /// The rows that the output head is run for.
  var logitRows: [Int] {
    selection.allLogits ? Array(request.tokens.indices) : request.logitRows
  }

  mutating func add(
    layer: Int, hidden values: @autoclosure () -> TraceTensor.Values,
    attention weights: @autoclosure () -> TraceTensor.Values?
  ) {
    let rows = request.tokens.count
    if selection.hidden {
      let values = values()
      hidden.append(
        TraceTensor(
          .hidden(layer: layer), shape: [rows, values.count / max(1, rows)], values: values))
    }
    if selection.attention.contains(layer), let weights = weights() {
      attention.append(
        TraceTensor(
          .attention(layer: layer), shape: [rows, attentionHeads, request.cachedCount + rows],
          values: weights))
    }
  }

  func result(logits: Matrix, values: TraceTensor.Values) -> PassTensors {
    let tensor = TraceTensor(.logits, shape: [logits.rows, logits.columns], values: values)
    return PassTensors(
      logits: selection.allLogits ? logits.selectingRows(request.logitRows) : logits,
      logitRows: logitRows, tensors: [tensor] + hidden + attention)
  }
}

extension LlamaModel: InspectableModel {
  /// A pass with tensors in F32.
  public func forward(
    _ request: PassRequest, cache: inout KVCache, showing selection: TensorSelection,
    onLayer: (PassedLayer) throws -> Void
  ) throws -> PassTensors {
    var collector = PassCollector(
      selection, request, attentionHeads: configuration.attentionHeads)
    let logits = try forward(
      tokens: request.tokens, positions: request.positions, mask: request.mask,
      logitRows: collector.logitRows, cache: &cache, shownAttention: selection.attention
    ) { shown in
      try onLayer(
        PassedLayer(layer: shown.layer, firstNonFiniteRow: shown.hidden.firstNonFiniteRow))
      collector.add(
        layer: shown.layer, hidden: .float32(shown.hidden.elements),
        attention: shown.attentionWeights.map { .float32($0.elements) })
    }
    return collector.result(logits: logits, values: .float32(logits.elements))
  }
}

extension ReferenceModel: InspectableModel {
  /// A pass with tensors in F64; a decoder reads its logits rounded to Float once.
  public func forward(
    _ request: PassRequest, cache: inout ReferenceCache, showing selection: TensorSelection,
    onLayer: (PassedLayer) throws -> Void
  ) throws -> PassTensors {
    var collector = PassCollector(
      selection, request, attentionHeads: configuration.attentionHeads)
    let logits = try forward(
      tokens: request.tokens, positions: request.positions, mask: request.mask,
      logitRows: collector.logitRows, cache: &cache, shownAttention: selection.attention
    ) { (shown: ReferenceLayer) in
      try onLayer(PassedLayer(layer: shown.layer, firstNonFiniteRow: shown.firstNonFiniteRow))
      collector.add(
        layer: shown.layer, hidden: .float64(Array(shown.hidden.joined())),
        attention: .float64(shown.attentionWeights.flatMap { $0.joined() }))
    }
    let rounded = Matrix(
      rows: logits.count, columns: vocabularySize, elements: logits.joined().map { Float($0) })
    return collector.result(logits: rounded, values: .float64(Array(logits.joined())))
  }
}
