import Llama
import Synchronization
import Tensor

/// A clock that stands still until it is turned.
public final class SimulatedClock: Sendable {
  private let milliseconds = Mutex(0.0)

  /// A clock at 0.
  public init() {}

  /// What decoders read.
  public var clock: PassClock { PassClock { self.milliseconds.withLock { $0 } } }

  /// Turns it, by milliseconds.
  public func advance(by more: Double) { milliseconds.withLock { $0 += more } }
}

/// A model whose passes take as long on a simulated clock as a curve says, so that what a decoder
/// gains depends on no machine's minute.
///
/// Rows, tokens and logits are those of the model. What a decoder does between passes takes no time.
public struct SimulatedModel<Model: CausalLanguageModel>: CausalLanguageModel {
  private let model: Model
  private let clock: SimulatedClock
  private let curve: CostCurve

  /// A model whose passes turn a clock.
  public init(_ model: Model, clock: SimulatedClock, curve: CostCurve) {
    self.model = model
    self.clock = clock
    self.curve = curve
  }

  /// The model's.
  public var vocabularySize: Int { model.vocabularySize }
  /// The model's.
  public var contextLength: Int { model.contextLength }
  /// The model's.
  public func makeCache() -> Model.Cache { model.makeCache() }

  /// The model's pass; it turns the clock.
  public func forward(
    tokens: [TokenID], positions: [Int], mask: AttentionMask, logitRows: [Int],
    cache: inout Model.Cache
  ) throws -> Matrix {
    clock.advance(by: curve.milliseconds(rows: tokens.count))
    return try model.forward(
      tokens: tokens, positions: positions, mask: mask, logitRows: logitRows, cache: &cache)
  }

  /// The model's.
  public func originOfNonFinite(in text: [TokenID]) throws -> NonFiniteOrigin? {
    try model.originOfNonFinite(in: text)
  }
}
