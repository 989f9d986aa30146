import Llama
import Tensor

/// A single pass over given tokens, positions and mask, behind given cached tokens.
public struct GivenPass: Equatable, Sendable {
  /// Cached tokens that one pass reads.
  public static let chunk = 128

  /// Tokens that are in the cache, at the positions 0, 1, …, each seeing those before it.
  public let cached: [TokenID]
  public let request: PassRequest

  /// A pass; what is not given is as in a text: positions behind the cached tokens, a causal mask, the
  /// logits of every row. Whether it all fits is checked when it is run.
  public init(
    cached: [TokenID] = [], tokens: [TokenID], positions: [Int]? = nil, mask: AttentionMask? = nil,
    logitRows: [Int]? = nil
  ) {
    self.cached = cached
    request = PassRequest(
      tokens: tokens, positions: positions ?? Array(cached.count..<cached.count + tokens.count),
      mask: mask ?? .causal(cachedCount: cached.count, queries: tokens.count),
      logitRows: logitRows ?? Array(tokens.indices))
  }
}

extension TraceRecorder {
  /// Runs and records the passes that fill the cache, then the given one, and finishes the trace.
  /// - Parameters:
  ///   - model: a model of this recorder.
  ///   - chunk: cached tokens that one pass reads, at least one.
  /// - Returns: where the first number that is not finite appears, if one does.
  /// - Throws: `LlamaError` if something does not fit; `TraceError`, `OutputFileError`.
  @discardableResult
  public func run<Base: InspectableModel>(
    _ given: GivenPass, on model: TracedModel<Base>, chunk: Int = GivenPass.chunk
  ) throws -> NonFiniteOrigin? {
    precondition(chunk > 0, "passes of \(chunk) tokens")
    var cache = model.makeCache()
    var origin: NonFiniteOrigin?
    for start in stride(from: 0, to: given.cached.count, by: chunk) {
      let part = PassRequest(
        causal: Array(given.cached[start...].prefix(chunk)), cachedCount: start, logitRows: [])
      let kept = Array(part.tokens.indices)
      let found = try run(part, on: model, cache: &cache, kind: .prompt, keeping: kept)
      origin = origin ?? found
    }
    let found = try run(given.request, on: model, cache: &cache, kind: .forward, keeping: [])
    try finish()
    return origin ?? found
  }

  private func run<Base: InspectableModel>(
    _ pass: PassRequest, on model: TracedModel<Base>, cache: inout Base.Cache,
    kind: TracePass.Kind, keeping kept: [Int]
  ) throws -> NonFiniteOrigin? {
    let logits = try model.forward(pass, cache: &cache)
    try cache.keep(newRows: kept)
    try record { index, logitRows in
      TracePass(
        index: index, file: TracePass.file(ofPass: index), kind: kind,
        cachedCount: pass.cachedCount, rows: pass.tokens.indices.map { TraceRow(pass, row: $0) },
        logitRows: logitRows, candidates: [], frontier: [], selected: [], acceptedRows: kept)
    }
    return origin(of: pass, logits: logits)
  }

  /// Where the first number of the pass that has just run is not finite.
  private func origin(of pass: PassRequest, logits: Matrix) -> NonFiniteOrigin? {
    if let layer = nonFiniteLayer, let row = layer.firstNonFiniteRow {
      return NonFiniteOrigin(
        afterLayers: layer.layer, token: pass.tokens[row], position: pass.positions[row])
    }
    return logits.firstNonFiniteRow.map {
      .outputHead(position: pass.positions[pass.logitRows[$0]])
    }
  }
}
