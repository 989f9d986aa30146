import Files
import Llama

extension LookaheadConfiguration {
  /// The drafter of the policy.
  /// - Parameters:
  ///   - earlierTexts: oldest first, for the source `PoolSources.file`.
  ///   - memory: what is known of the model, of the policy standard; nil to use and learn nothing.
  public func makeDrafter(
    earlierTexts: [[TokenID]] = [], memory: DraftMemory? = nil
  ) -> any Drafter {
    switch policy {
    case .paper: return PaperDrafter(self)
    case .lade: return LadeDrafter(self)
    case .standard:
      let index = IndexDrafter(sources: poolSources, earlierTexts: earlierTexts)
      return memory.map { LearningDrafter(index, memory: $0) } ?? index
    }
  }

  /// Bytes that the drafter stores at most for a text of `tokens` tokens.
  public func draftBytes(tokens: Int) -> Int {
    let rows = largestPass
    switch policy {
    case .standard:
      let earlier = poolSources.contains(.file) ? EarlierTexts.maximumTokens : 0
      return ContinuationIndex.bytes(tokens: tokens.times(rows).adding(earlier))
    case .paper, .lade:
      // An n-gram has an array of N - 1 tokens with a header of 32 bytes, and its place in the pool.
      let bytes = 8 * ngramSize + 32 + MemoryLayout<NGramPool.Continuation>.stride
      return tokens.times(windowSize + 1).times(bytes)
    }
  }
}

extension LookaheadDecoder {
  /// A decoder with the drafter of its configuration; the other parameters are those of
  /// `init(model:selector:configuration:drafter:contextLimit:prefillChunk:stepCost:clock:observer:)`.
  /// - Parameters:
  ///   - earlierTexts: oldest first, for the source `PoolSources.file`.
  ///   - memory: as of `LookaheadConfiguration.makeDrafter`.
  public init(
    model: Model, selector: Selector, configuration: LookaheadConfiguration,
    earlierTexts: [[TokenID]] = [], memory: DraftMemory? = nil, contextLimit: Int? = nil,
    prefillChunk: Int = 128,
    stepCost: StepCost = StepCost(), clock: PassClock = .system,
    observer: (any PassObserver)? = nil
  ) throws {
    try self.init(
      model: model, selector: selector, configuration: configuration,
      drafter: configuration.makeDrafter(earlierTexts: earlierTexts, memory: memory),
      contextLimit: contextLimit, prefillChunk: prefillChunk, stepCost: stepCost, clock: clock,
      observer: observer)
  }
}
