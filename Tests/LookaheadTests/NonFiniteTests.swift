import Llama
import Tensor
import TestSupport
import Testing

@testable import Lookahead

/// Models with weights that are not finite, with every decoder and selector.
struct NonFiniteTests {
  private func decoders(_ model: LlamaModel) throws -> [any Decoder] {
    let sampling = SamplingSelector(
      try SamplingConfiguration(temperature: 0.8, topP: 0.9, seed: 3))
    return [
      try AutoregressiveDecoder(model: model, selector: GreedySelector()),
      try AutoregressiveDecoder(model: model, selector: sampling),
      try LookaheadDecoder(
        model: model, selector: GreedySelector(), configuration: LookaheadConfiguration()),
      try LookaheadDecoder(
        model: model, selector: sampling,
        configuration: LookaheadConfiguration(
          windowSize: 3, ngramSize: 3, candidatesPerToken: 3)),
    ]
  }

  private func model(_ tensor: String, index: Int, value: Float) throws -> LlamaModel {
    let folder = try TemporaryFolder()
    try SpoiltModel.write(to: folder, tensor: tensor, index: index, value: value)
    return try LlamaModel(
      Checkpoint.open(folder.path), path: .exact, on: Executor(threadCount: 1))
  }

  @Test(arguments: [Float.nan, .infinity, -.infinity])
  func `no decoder chooses from the logits of a corrupt layer`(value: Float) throws {
    let model = try model("model.layers.2.mlp.down_proj.weight", index: 5, value: value)
    for var decoder in try decoders(model) {
      let error = #expect(throws: LookaheadError.self) {
        try decoder.generate(
          prompt: [5, 6, 7], stop: StopRules(endTokens: [], maximumTokens: 5))
      }
      guard case .unusableLogit(_, 3, _, .block(layer: 2, position: 0)?) = error else {
        Issue.record("\(String(describing: error))")
        continue
      }
      #expect(
        error?.description.hasSuffix(
          "the first number that is not finite is in the output of layer 2 at position 0.") == true)
    }
  }

  @Test func `a corrupt vector of a tied head is detected before the first token is chosen`() throws
  {
    let model = try model("model.embed_tokens.weight", index: 9 * 128, value: .nan)
    for var decoder in try decoders(model) {
      let error = #expect(throws: LookaheadError.self) {
        try decoder.generate(
          prompt: [5, 6, 7], stop: StopRules(endTokens: [], maximumTokens: 5))
      }
      guard case .unusableLogit(9, 3, _, .outputHead(position: 2)?) = error else {
        Issue.record("\(String(describing: error))")
        continue
      }
    }
  }

  @Test func `an error of a processor is not attributed to the model`() throws {
    struct Spoiling: LogitsProcessor {
      func process(_ logits: inout [Float], after prefix: TextPrefix) { logits[4] = .nan }
    }
    var decoder = try AutoregressiveDecoder(
      model: TestModels.tinyLlama.get(),
      selector: SamplingSelector(processors: [Spoiling()], choice: .largest))
    #expect(throws: LookaheadError.unusableLogit(token: 4, position: 2, found: "nan")) {
      try decoder.generate(prompt: [5, 6], stop: StopRules(endTokens: [], maximumTokens: 5))
    }
  }
}
