import Llama
import Synchronization
import Tensor

/// A clock that advances only by `advance`.
public final class SimulatedClock: Sendable {
  private let milliseconds = Mutex(0.0)

  public init() {}

  /// For decoders.
  public var clock: PassClock { PassClock { self.milliseconds.withLock { $0 } } }

  /// - Parameter more: milliseconds.
  public func advance(by more: Double) { milliseconds.withLock { $0 += more } }
}

/// A model whose passes advance a simulated clock by the time on a curve, so that throughput does not
/// depend on the load of the machine.
///
/// Logits are those of the model. The work of the decoder between passes takes no time.
public struct SimulatedModel<Model: CausalLanguageModel>: CausalLanguageModel {
  private let model: Model
  private let clock: SimulatedClock
  private let curve: CostCurve

  public init(_ model: Model, clock: SimulatedClock, curve: CostCurve) {
    self.model = model
    self.clock = clock
    self.curve = curve
  }

  public var vocabularySize: Int { model.vocabularySize }
  public var contextLength: Int { model.contextLength }
  public func makeCache() -> Model.Cache { model.makeCache() }

  public func forward(
    tokens: [TokenID], positions: [Int], mask: AttentionMask, logitRows: [Int],
    cache: inout Model.Cache
  ) throws -> Matrix {
    clock.advance(by: curve.milliseconds(rows: tokens.count))
    return try model.forward(
      tokens: tokens, positions: positions, mask: mask, logitRows: logitRows, cache: &cache)
  }

  public func originOfNonFinite(in text: [TokenID]) throws -> NonFiniteOrigin? {
    try model.originOfNonFinite(in: text)
  }
}
