import Llama
import Lookahead
import Synchronization

/// One decoding, with everything that decides what it does.
public struct VerificationCase: Equatable, Sendable {
  public var prompt: [TokenID]
  public var endTokens: Set<TokenID>
  public var maximumTokens: Int
  /// How tokens are chosen; its seed is that of the first window's draw, and is part of that
  /// of the automatic schedule's clock.
  public var sampling: SamplingConfiguration
  public var setting: RunSetting

  /// The decoding that it must be equal to.
  public var reference: VerificationCase {
    var reference = self
    reference.setting = RunSetting()
    return reference
  }

  public var stop: StopRules { StopRules(endTokens: endTokens, maximumTokens: maximumTokens) }

  /// A decoder that has read nothing. The automatic schedule goes by drawn times, so that every case
  /// can be repeated; those of other sizes are others.
  /// - Throws: `LookaheadError` for what no decoder can have.
  func makeDecoder(
    on model: some CausalLanguageModel, observer: (any PassObserver)?
  ) throws -> any Decoder {
    let selector = SamplingSelector(sampling)
    let chunk = setting.prefillChunk ?? max(1, prompt.count)
    guard let sizes = setting.lookahead else {
      return try AutoregressiveDecoder(
        model: model, selector: selector, prefillChunk: chunk, observer: observer)
    }
    return try LookaheadDecoder(
      model: model, selector: selector, configuration: sizes.configuration(seed: sampling.seed),
      prefillChunk: chunk, clock: .drawn(seed: sampling.seed ^ sizes.clockSeed), observer: observer)
  }
}

extension RunSetting.Sizes {
  /// What sizes add to the seed of drawn times, so that cases run on many different machines.
  fileprivate var clockSeed: UInt64 {
    [windowSize, ngramSize, candidatesPerToken].reduce(0) {
      $0 &* 1_009 &+ UInt64(bitPattern: Int64($1))
    }
  }
}

/// Times that are drawn instead of measured.
///
/// The automatic schedule goes by what passes take, so a run under it cannot be repeated, and on one
/// machine it takes few of the ways that it could take. With drawn times it does what some machine
/// might make it do, and the same thing each time. How much passes differ is drawn first: where it is
/// little, extra rows are free and passes of all sizes pay; where it is much, sizes keep changing.
private final class DrawnTimes: Sendable {
  private let spread: Double
  private let state: Mutex<(generator: SplitMix64, milliseconds: Double)>

  init(seed: UInt64) {
    var generator = SplitMix64(seed: seed)
    spread = ([0.02, 0.2, 1, 7] as [Double]).randomElement(using: &generator) ?? 1
    state = Mutex((generator, 0))
  }

  /// Later than the last time by 1 millisecond to 1 + spread.
  func next() -> Double {
    state.withLock { state in
      state.milliseconds += Double.random(in: 1...1 + spread, using: &state.generator)
      return state.milliseconds
    }
  }
}

extension PassClock {
  static func drawn(seed: UInt64) -> PassClock {
    let times = DrawnTimes(seed: seed)
    return PassClock { times.next() }
  }
}
