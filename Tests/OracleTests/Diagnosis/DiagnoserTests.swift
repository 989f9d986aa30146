import Llama
import TestSupport
import Testing

@testable import Oracle

/// What is said of an engine in Python whose mistakes are known.
struct DiagnoserTests {
  private let checkpoint: Checkpoint
  private let model: LlamaModel
  private let tokenizer: Tokenizer
  private let template: ChatTemplate

  init() throws {
    checkpoint = try TestModels.checkpoint("tiny-llama")
    model = try TestModels.tinyLlama.get()
    tokenizer = try #require(try checkpoint.tokenizerSource.makeTokenizer())
    template = try tokenizer.chatTemplate(
      source: checkpoint.chatTemplateSource, path: checkpoint.path)
  }

  private func diagnose(_ example: DiagnosisCase, withSteps: Bool) throws -> Diagnosis {
    try example.diagnose(
      checkpoint, model, tokenizer: tokenizer, template: template, withSteps: withSteps)
  }

  /// At least 95 in 100 mistakes are named, with the steps and without: as the cause, or where another
  /// mistake makes the very same text, beside it.
  @Test(arguments: [true, false]) func `mistakes are named`(_ withSteps: Bool) throws {
    let all = try DiagnosisCase.all.get().filter { $0.wrong != nil }
    // Every second, and with the steps every fourth; all of them in the long suite.
    let cases = all.enumerated().filter {
      LongSuite.isRequested || $0.offset % (withSteps ? 4 : 2) == 0
    }.map(\.element)
    #expect(Set(cases.compactMap(\.wrong)).count >= 14)
    var missed: [String] = []
    for example in cases {
      let diagnosis = try diagnose(example, withSteps: withSteps)
      let causes = [diagnosis.cause].compactMap(\.self) + diagnosis.closeAlternatives
      let isNamed =
        causes.contains { $0.id == example.cause }
        && diagnosis.verdict == (example.isBookkeeping ? .bookkeeping : .otherModel)
      if !isNamed {
        missed.append(
          "\(example.wrong ?? "") of \(example.id): \(diagnosis.verdict), \(diagnosis.cause?.id ?? "none")"
        )
      }
    }
    #expect(missed.count * 20 <= cases.count, "\(missed.count) of \(cases.count): \(missed)")
  }

  /// Where only rounding differs, no mistake is named.
  @Test func `rounding is no mistake`() throws {
    let cases = try DiagnosisCase.all.get().filter { $0.wrong == nil }
    #expect(cases.count >= 40)
    for example in cases {
      let diagnosis = try diagnose(example, withSteps: false)
      #expect(
        [.same, .nearTie, .dependsOnRows].contains(diagnosis.verdict),
        "\(example.arithmetic) of \(example.id): \(diagnosis.verdict), \(diagnosis.cause?.id ?? "")"
      )
    }
  }
}
