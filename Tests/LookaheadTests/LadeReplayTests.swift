import Foundation
import Llama
import TestSupport
import Testing

@testable import Lookahead

/// The policy lade reproduces lade: the recorded passes of three settings over eight prompts.
@Suite struct LadeReplayTests {
  static let endToken = 2

  /// Follows a recorded run; the model throws where a pass is another.
  /// - Returns: the passes.
  static func replay(
    _ prompt: LadeTrace.Prompt, of trace: LadeTrace, endToken: TokenID, model: LlamaModel?
  ) throws -> Int {
    let replay = ReplayModel(prompt, ngramSize: trace.ngramSize, model: model)
    let ids = prompt.passes[0].inputIDs
    var decoder = try LookaheadDecoder(
      model: replay, selector: GreedySelector(), configuration: trace.configuration(for: prompt),
      prefillChunk: ids.count)
    let result = try decoder.generate(
      prompt: ids, stop: StopRules(endTokens: [endToken], maximumTokens: 128))
    #expect(result.tokens == prompt.outputIDs, "\(prompt.name)")
    #expect(result.passes == prompt.passes.count, "\(prompt.name)")
    return result.passes
  }

  @Test("All 1,442 recorded passes have the same rows, candidates, frontiers and accepted tokens")
  func recorded() throws {
    var passes = 0
    for name in LadeTrace.names {
      let trace = try LadeTrace(name: name)
      for prompt in trace.prompts {
        let (renumbered, endToken) = prompt.renumbered(Self.endToken)
        passes += try Self.replay(renumbered, of: trace, endToken: endToken, model: nil)
      }
    }
    #expect(passes == 1_442)
  }

  @Test(
    "SmolLM2 itself predicts the recorded tokens, for the shortest prompt of each setting or, with LOOKAHEAD_LONG, all",
    .enabled(if: TestModels.smolLM2Path != nil, "SmolLM2 is not there: make test fetches it"),
    .enabled(if: !Sanitizer.isOfThreads, "\(Sanitizer.realModelComment)"),
    arguments: LadeTrace.names)
  func real(name: String) throws {
    let trace = try LadeTrace(name: name)
    let isLong = ProcessInfo.processInfo.environment["LOOKAHEAD_LONG"] != nil
    let prompts = trace.prompts.sorted { $0.passes.count < $1.passes.count }
    for prompt in isLong ? prompts[...] : prompts.prefix(1) {
      _ = try Self.replay(
        prompt, of: trace, endToken: Self.endToken, model: TestModels.smolLM2.get())
    }
  }

  @Test("The record detects a single different token, and the standard policy")
  func notices() throws {
    let trace = try LadeTrace(name: LadeTrace.names[2])
    let (prompt, endToken) = trace.prompts[3].renumbered(Self.endToken)
    var window = prompt.firstWindow
    window[0] = window[1]
    let stop = StopRules(endTokens: [endToken], maximumTokens: 128)
    let model = ReplayModel(prompt, ngramSize: trace.ngramSize, model: nil)
    for configuration in [
      try LookaheadConfiguration(
        windowSize: 7, ngramSize: 5, candidatesPerToken: 7,
        poolSources: [.window, .prompt, .output], policy: .lade, firstWindow: window),
      try LookaheadConfiguration(
        windowSize: 7, ngramSize: 5, candidatesPerToken: 7, candidateLayout: .separate,
        firstWindow: prompt.firstWindow),
      try LookaheadConfiguration(
        windowSize: 7, ngramSize: 5, candidatesPerToken: 7, poolSources: .window, policy: .lade,
        firstWindow: prompt.firstWindow),
    ] {
      var decoder = try LookaheadDecoder(
        model: model, selector: GreedySelector(), configuration: configuration)
      #expect(throws: ReplayModel.Departure.self) {
        _ = try decoder.generate(prompt: prompt.passes[0].inputIDs, stop: stop)
      }
    }
  }
}
