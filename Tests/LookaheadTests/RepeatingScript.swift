import Llama
import TestSupport

@testable import Lookahead

/// A prompt and its continuation by a scripted model; the prompt contains most of the continuation, so
/// many candidates are accepted.
struct RepeatingScript {
  let model: ScriptedModel
  let prompt: [TokenID]
  let text: [TokenID]

  init(seed: UInt64, vocabularySize: Int = 20, contextLength: Int = 512) {
    model = ScriptedModel(
      seed: seed, vocabularySize: vocabularySize, contextLength: contextLength)
    let start = [1, 2, 3]
    prompt = start + model.continuation(of: start, count: 40) + start
    text = model.continuation(of: prompt, count: 60)
  }

  func decoder(
    _ windowSize: Int, _ ngramSize: Int, _ candidates: Int,
    sources: LookaheadConfiguration.PoolSources = .all
  ) throws -> LookaheadDecoder<ScriptedModel, GreedySelector> {
    try LookaheadDecoder(
      model: model, selector: GreedySelector(),
      configuration: LookaheadConfiguration(
        windowSize: windowSize, ngramSize: ngramSize, candidatesPerToken: candidates,
        poolSources: sources))
  }
}
