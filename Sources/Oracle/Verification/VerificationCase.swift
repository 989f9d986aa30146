import Llama
import Lookahead

/// One decoding, with everything that decides what it does.
public struct VerificationCase: Equatable, Sendable {
  public var prompt: [TokenID]
  public var endTokens: Set<TokenID>
  public var maximumTokens: Int
  /// How tokens are chosen; its seed is that of the first window's draw, and is part of that
  /// of the automatic schedule's clock.
  public var sampling: SamplingConfiguration
  public var setting: RunSetting

  public init(
    prompt: [TokenID], endTokens: Set<TokenID>, maximumTokens: Int,
    sampling: SamplingConfiguration, setting: RunSetting
  ) {
    self.prompt = prompt
    self.endTokens = endTokens
    self.maximumTokens = maximumTokens
    self.sampling = sampling
    self.setting = setting
  }

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
