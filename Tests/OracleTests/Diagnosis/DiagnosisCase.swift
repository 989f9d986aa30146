import Foundation
import Llama
import Lookahead
import TestSupport

@testable import Oracle

/// A text of an engine in Python, over transformers, and what is wrong with the engine
/// (`Fixtures/generate/make_diagnosis_goldens.py`).
struct DiagnosisCase: Decodable, Sendable {
  let id: String
  let chat: Bool
  let prompt: [TokenID]
  let text: String
  let wrong: String?
  let arithmetic: String
  /// Tokens looked up, tokens of a draft, drafts of a pass.
  let lookup: [Int]
  let penalty: Float
  let plain: [TokenID]
  let speculative: [TokenID]
  let steps: [Step]

  struct Step: Decodable {
    let drafted: [[TokenID]]
    let accepted: [TokenID]
    let next: TokenID

    var step: EngineStep {
      EngineStep(drafts: drafted, tokens: accepted + [next], acceptedCount: accepted.count)
    }
  }

  static let all = Result {
    try JSONDecoder().decode(
      [DiagnosisCase].self,
      from: Data(
        contentsOf: URL(fileURLWithPath: FixturePath.path("golden/tiny-llama/diagnosis.json"))))
  }

  /// Whether the mistake is one of the decoder around the model.
  var isBookkeeping: Bool { wrong.flatMap(BookkeepingMistake.init) != nil }

  /// What a diagnosis has to name: a mistake in several ways of words has one id here.
  var cause: String? { wrong == "bf16-weights" ? "quantisation" : wrong }

  /// - Parameter withSteps: whether the engine's steps are given, else its way of drafting is guessed.
  func diagnose(
    _ checkpoint: Checkpoint, _ model: LlamaModel, tokenizer: Tokenizer, template: ChatTemplate,
    withSteps: Bool = false
  ) throws -> Diagnosis {
    var ends = Set(checkpoint.configuration.eosTokenIDs).union(tokenizer.eosTokenIDs)
    if chat, let end = tokenizer.endOfAnswerTokenID(in: template) { ends.insert(end) }
    var diagnoser = Diagnoser(
      checkpoint, model, prompt: prompt,
      scorer: TextScorer(
        processors: penalty == 1 ? [] : [RepetitionPenalty(penalty, window: 16)], ends: ends))
    let rule = PromptLookup(longest: lookup[0], length: lookup[1], branches: lookup[2])
    // What an engine does that is not among the usual ones, its author knows.
    if !PromptLookup.usual.contains(rule) || rule.branches > 1 {
      diagnoser.drafting = [.lookup(rule)]
    }
    // Engines with mistakes compute in float32, and say so.
    if wrong != nil { diagnoser.claimed = .float32 }
    if chat {
      diagnoser.otherPrompts = [
        (
          .noTemplate, tokenizer.encode(text, addSpecialTokens: true, parseSpecialTokens: true)
        ),
        (
          .noGenerationPrompt,
          try tokenizer.encode(
            [ChatMessage(role: .user, content: text)], with: template, addGenerationPrompt: false)
        ),
      ]
    }
    return try diagnoser.diagnose(
      plain: EngineOutput(path: "plain", tokens: plain),
      speculative: EngineOutput(path: "speculative", tokens: speculative),
      steps: withSteps ? ("steps", steps.map(\.step)) : nil)
  }
}
