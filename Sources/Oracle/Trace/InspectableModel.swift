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

extension TensorSelection {
  /// The rows to run the output head for, of a pass of `rows` rows.
  func logitRows(asked: [Int], rows: Int) -> [Int] {
    switch logits {
    case .asked: asked
    case .all: Array(0..<rows)
    }
  }
}

extension LlamaModel: InspectableModel {
  /// A pass with tensors in F32.
  public func forward(
    tokens: [TokenID], positions: [Int], mask: AttentionMask, logitRows: [Int],
    cache: inout KVCache, showing selection: TensorSelection,
    onLayer: (PassedLayer) throws -> Void
  ) throws -> PassTensors {
    let shownRows = selection.logitRows(asked: logitRows, rows: tokens.count)
    let keys = mask.cachedCount + tokens.count
    var hidden: [TraceTensor] = []
    var attention: [TraceTensor] = []
    let logits = try forward(
      tokens: tokens, positions: positions, mask: mask, logitRows: shownRows, cache: &cache,
      shownAttention: selection.attention
    ) { shown in
      try onLayer(
        PassedLayer(layer: shown.layer, firstNonFiniteRow: shown.hidden.firstNonFiniteRow))
      if selection.hidden == .all {
        hidden.append(
          TraceTensor(
            .hidden(layer: shown.layer), shape: [shown.hidden.rows, shown.hidden.columns],
            values: .float32(shown.hidden.elements)))
      }
      if let weights = shown.attentionWeights {
        attention.append(
          TraceTensor(
            .attention(layer: shown.layer),
            shape: [tokens.count, configuration.attentionHeads, keys],
            values: .float32(weights.elements)))
      }
    }
    let tensor = TraceTensor(
      .logits, shape: [logits.rows, logits.columns], values: .float32(logits.elements))
    return PassTensors(
      logits: selection.logits == .all ? logits.selectingRows(logitRows) : logits,
      logitRows: shownRows, tensors: [tensor] + hidden + attention)
  }
}

extension ReferenceModel: InspectableModel {
  /// A pass with tensors in F64; a decoder reads its logits rounded to Float once.
  public func forward(
    tokens: [TokenID], positions: [Int], mask: AttentionMask, logitRows: [Int],
    cache: inout ReferenceCache, showing selection: TensorSelection,
    onLayer: (PassedLayer) throws -> Void
  ) throws -> PassTensors {
    let shownRows = selection.logitRows(asked: logitRows, rows: tokens.count)
    let keys = mask.cachedCount + tokens.count
    var hidden: [TraceTensor] = []
    var attention: [TraceTensor] = []
    let logits = try forward(
      tokens: tokens, positions: positions, mask: mask, logitRows: shownRows, cache: &cache,
      shownAttention: selection.attention
    ) { (shown: ReferenceLayer) in
      try onLayer(PassedLayer(layer: shown.layer, firstNonFiniteRow: shown.firstNonFiniteRow))
      if selection.hidden == .all {
        hidden.append(
          TraceTensor(
            .hidden(layer: shown.layer), shape: [tokens.count, configuration.hiddenSize],
            values: .float64(Array(shown.hidden.joined()))))
      }
      if selection.attention.contains(shown.layer) {
        attention.append(
          TraceTensor(
            .attention(layer: shown.layer),
            shape: [tokens.count, configuration.attentionHeads, keys],
            values: .float64(shown.attentionWeights.flatMap { $0.joined() })))
      }
    }
    let tensor = TraceTensor(
      .logits, shape: [logits.count, vocabularySize], values: .float64(Array(logits.joined())))
    let rounded = Matrix(
      rows: logits.count, columns: vocabularySize, elements: logits.joined().map { Float($0) })
    return PassTensors(
      logits: selection.logits == .all ? rounded.selectingRows(logitRows) : rounded,
      logitRows: shownRows, tensors: [tensor] + hidden + attention)
  }
}
