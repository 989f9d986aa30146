import Llama

extension LookaheadConfiguration {
  /// The drafter of the policy.
  /// - Parameter earlierTexts: oldest first, for the source `PoolSources.file`.
  public func makeDrafter(earlierTexts: [[TokenID]] = []) -> any Drafter {
    switch policy {
    case .standard: IndexDrafter(sources: poolSources, earlierTexts: earlierTexts)
    case .paper: PaperDrafter(self)
    case .lade: LadeDrafter(self)
    }
  }
}

extension LookaheadDecoder {
  /// A decoder with the drafter of its configuration; the other parameters are those of
  /// `init(model:selector:configuration:drafter:contextLimit:prefillChunk:stepCost:clock:observer:)`.
  /// - Parameter earlierTexts: oldest first, for the source `PoolSources.file`.
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
