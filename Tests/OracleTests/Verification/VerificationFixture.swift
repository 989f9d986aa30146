import Llama
import Lookahead
import TestSupport

@testable import Oracle

/// Plans and models of these tests.
enum VerificationFixture {
  /// A prompt that repeats itself, so that guesses are right now and then.
  static let repeating = Array(repeating: [1, 2, 3, 4], count: 5).flatMap { $0 } + [1, 2]

  /// A small plan of one prompt.
  static func plan(
    prompt: [TokenID] = repeating, maximumTokens: Int = 24, sampling: SamplingConfiguration? = nil,
    space: SettingSpace = SettingSpace(instructionSets: [.best], weights: [.stored]),
    choice: VerificationPlan.Choice = .sample(count: 40, seed: 3)
  ) throws -> VerificationPlan {
    try VerificationPlan(
      prompts: [VerificationPrompt(id: "repeating", tokens: prompt, endTokens: [])],
      maximumTokens: maximumTokens, sampling: sampling ?? SamplingConfiguration(), space: space,
      choice: choice)
  }

  /// A verifier of the fixture model with a fault wherever it runs but as the reference does, or
  /// everywhere.
  static func verifier(
    _ fault: FaultyModel.Fault,
    onlyWhere isFaulty: @escaping (ExecutionSetting) -> Bool = { _ in
      true
    }
  ) throws -> Verifier<FaultyModel> {
    let base = try TestModels.tinyLlama.get()
    return Verifier { execution in
      FaultyModel(base: base, fault: isFaulty(execution) ? fault : .none)
    }
  }

  /// Whether a case differs from plain decoding on a model.
  static func differs(_ tried: VerificationCase, on model: some CausalLanguageModel) throws -> Bool
  {
    let plain = try PlainText(tried.reference, on: model) { false }
    guard let plain else { return false }
    do {
      return try CaseComparison(tried, on: model, with: plain, isCancelled: { false }).difference
        != nil
    } catch is LookaheadError {
      return false
    }
  }

  /// The smaller cases, one step away, that differ as well: none where a case is the smallest.
  static func smallerFailures(
    than smallest: VerificationCase, on model: some CausalLanguageModel
  ) throws -> [VerificationCase] {
    try CaseReduction.allCases.flatMap {
      try $0.smaller(than: smallest, differingAt: smallest.maximumTokens - 1)
    }.filter { try differs($0, on: model) }
  }
}
