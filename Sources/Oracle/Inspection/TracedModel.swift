import Llama
import Tensor

/// A model that computes what its base does, bit for bit, and passes tensors of every forward pass to
/// a recorder.
public struct TracedModel<Base: InspectableModel>: CausalLanguageModel {
  public let base: Base
  public let selection: TensorSelection
  private let recorder: TraceRecorder
  private let onLayer: @Sendable (PassedLayer) throws -> Void

  /// A model whose passes are recorded.
  /// - Parameter onLayer: called after the embedding and after each block of every pass; what it throws
  ///   ends the pass.
  /// - Throws: `TraceError.noSuchBlock` if the model does not have a block that is to be shown.
  public init(
    _ base: Base, showing selection: TensorSelection = TensorSelection(),
    to recorder: TraceRecorder, onLayer: @escaping @Sendable (PassedLayer) throws -> Void = { _ in }
  ) throws(TraceError) {
    try selection.check(for: base.configuration)
    self.base = base
    self.selection = selection
    self.recorder = recorder
    self.onLayer = onLayer
  }

  public var vocabularySize: Int { base.vocabularySize }

  public var contextLength: Int { base.contextLength }

  public func makeCache() -> Base.Cache { base.makeCache() }

  public func forward(
    tokens: [TokenID], positions: [Int], mask: AttentionMask, logitRows: [Int],
    cache: inout Base.Cache
  ) throws -> Matrix {
    let request = PassRequest(
      tokens: tokens, positions: positions, mask: mask, logitRows: logitRows)
    let shown = try base.forward(request, cache: &cache, showing: selection) { layer in
      recorder.take(layer)
      try onLayer(layer)
    }
    recorder.take(shown)
    return shown.logits
  }

  public func originOfNonFinite(in text: [TokenID]) throws -> NonFiniteOrigin? {
    try base.originOfNonFinite(in: text)
  }
}
