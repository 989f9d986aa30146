import Llama

extension LookaheadConfiguration {
  /// The drafter of the policy.
  /// - Parameter earlierTexts: texts of earlier runs, the oldest first: the source
  ///   `PoolSources.file`.
  public func makeDrafter(earlierTexts: [[TokenID]] = []) -> any Drafter {
    switch policy {
    case .standard: IndexDrafter(sources: poolSources, earlierTexts: earlierTexts)
    case .lade: LadeDrafter(self)
    }
  }
}

extension LookaheadDecoder {
  /// A decoder with the drafter of its configuration, and an empty cache.
  /// - Parameters:
  ///   - earlierTexts: texts of earlier runs, the oldest first: the source `PoolSources.file`.
  ///   - contextLimit: positions to use at the most; the model's context length by default.
  ///   - prefillChunk: prompt tokens that one pass reads.
  ///   - stepCost: what is known of the cost of passes, for the automatic schedule.
  ///   - clock: what passes are timed with.
  ///   - observer: receives every pass.
  /// - Throws: `LookaheadError` for a limit beyond the model's, or a chunk below 1.
  public init(
    model: Model, selector: Selector, configuration: LookaheadConfiguration,
    earlierTexts: [[TokenID]] = [], contextLimit: Int? = nil, prefillChunk: Int = 128,
    stepCost: StepCost = StepCost(), clock: PassClock = .system,
    observer: (any PassObserver)? = nil
  ) throws {
    try self.init(
      model: model, selector: selector, configuration: configuration,
      drafter: configuration.makeDrafter(earlierTexts: earlierTexts), contextLimit: contextLimit,
      prefillChunk: prefillChunk, stepCost: stepCost, clock: clock, observer: observer)
  }
}
