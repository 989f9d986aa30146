import Llama
import Testing

@testable import Lookahead

@Suite struct SamplingConfigurationTests {
  /// One parameter out of its range.
  struct Mistake: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let make: @Sendable () throws -> SamplingConfiguration

    init(
      _ sentence: String, _ make: @escaping @Sendable () throws -> SamplingConfiguration
    ) {
      (testDescription, self.make) = (sentence, make)
    }
  }

  @Test(
    "A parameter out of its range is refused with a sentence",
    arguments: [
      Mistake("The temperature is -1.0, but must be at least 0.") { try .init(temperature: -1) },
      Mistake("The temperature is nan, but must be at least 0.") { try .init(temperature: .nan) },
      Mistake("The top-k is 0, but must be at least 1.") { try .init(topK: 0) },
      Mistake("The top-p is 0.0, but must be above 0 and at most 1.") { try .init(topP: 0) },
      Mistake("The top-p is 1.5, but must be above 0 and at most 1.") { try .init(topP: 1.5) },
      Mistake("The min-p is nan, but must be from 0 to 1.") { try .init(minP: .nan) },
      Mistake("The repetition penalty is 0.0, but must be above 0.") {
        try .init(repetitionPenalty: 0)
      },
      Mistake("The frequency penalty is inf, but must be a finite number.") {
        try .init(frequencyPenalty: .infinity)
      },
      Mistake("The presence penalty is nan, but must be a finite number.") {
        try .init(presencePenalty: .nan)
      },
      Mistake("The penalty window is -1, but must be at least 0.") { try .init(penaltyWindow: -1) },
      Mistake("The bias of token 7 is inf, but must be a number below infinity.") {
        try .init(logitBias: [3: -.infinity, 7: .infinity])
      },
    ])
  func refused(mistake: Mistake) {
    let error = #expect(throws: LookaheadError.self) { try mistake.make() }
    #expect(error?.description == mistake.testDescription)
  }

  @Test("Processors come in the documented order, those without effect not at all")
  func order() throws {
    func names(_ configuration: SamplingConfiguration) -> [String] {
      configuration.processors.map { "\(type(of: $0))" }
    }
    func all(_ temperature: Float) throws -> SamplingConfiguration {
      try SamplingConfiguration(
        temperature: temperature, topK: 5, topP: 0.5, minP: 0.1, repetitionPenalty: 1.1,
        frequencyPenalty: 0.1, presencePenalty: 0.1, penaltyWindow: 5, logitBias: [1: 1])
    }
    let first = ["LogitBias", "RepetitionPenalty", "FrequencyPenalty", "PresencePenalty"]
    #expect(names(try all(0.7)) == first + ["TopK", "TopP", "MinP", "Temperature"])
    #expect(names(try all(0)) == first)
    #expect(names(try SamplingConfiguration(temperature: 1)).isEmpty)
    #expect(try SamplingConfiguration().choice == .largest)
    #expect(try SamplingConfiguration(temperature: 1, seed: 4).choice == .drawn(seed: 4))
  }
}
