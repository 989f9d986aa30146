import Foundation
import Llama
import TestSupport
import Testing

@testable import Lookahead

/// Processors against those of Hugging Face transformers; the schema is in Fixtures/README.md.
@Suite struct ProcessorGoldenTests {
  struct Golden: Decodable {
    struct Parameters: Decodable {
      let repetition_penalty: Float
      let top_k: Int
      let top_p: Double
      let min_p: Double
      let temperature: Float
    }
    struct Case: Decodable {
      let parameters: Parameters
      let text: [TokenID]
      let logits: [Double?]
      let alone: [String: [Double?]]
      let chain: [Double?]
    }
    let cases: [Case]
  }

  static let cases = Result {
    let path = FixturePath.path("golden/sampling/processors.json")
    return try JSONDecoder().decode(
      Golden.self, from: Data(contentsOf: URL(fileURLWithPath: path))
    ).cases
  }

  /// Compares probabilities: adding the same to all logits changes nothing.
  static func expectEqual(_ found: [Float], _ expected: [Double?], _ label: String) {
    let values = expected.map { $0 ?? -.infinity }
    #expect(FiltersTests.kept(found) == FiltersTests.kept(values), "\(label)")
    let (a, b) = (NaiveSampling.softmax(found.map(Double.init)), NaiveSampling.softmax(values))
    for (a, b) in zip(a, b) { #expect(abs(a - b) < 2e-6, "\(label)") }
  }

  @Test("Each processor does what that of transformers does, alone and one after the other")
  func goldens() throws {
    let cases = try Self.cases.get()
    #expect(cases.count == 15)
    for (index, golden) in cases.enumerated() {
      let parameters = golden.parameters
      let processors: [(String, any LogitsProcessor)] = [
        ("repetition_penalty", RepetitionPenalty(parameters.repetition_penalty)),
        ("top_k", TopK(parameters.top_k)), ("top_p", TopP(parameters.top_p)),
        ("min_p", MinP(parameters.min_p)), ("temperature", Temperature(parameters.temperature)),
      ]
      let prefix = TextPrefix(golden.text, promptCount: 12)
      let row = golden.logits.map { $0.map { Float($0) } ?? -.infinity }
      var chained = row
      for (name, processor) in processors {
        var alone = row
        try processor.process(&alone, after: prefix)
        Self.expectEqual(alone, try #require(golden.alone[name]), "case \(index), \(name)")
        try processor.process(&chained, after: prefix)
      }
      Self.expectEqual(chained, golden.chain, "case \(index), all")
      let configuration = try SamplingConfiguration(
        temperature: parameters.temperature, topK: parameters.top_k, topP: parameters.top_p,
        minP: parameters.min_p, repetitionPenalty: parameters.repetition_penalty)
      var usual = row
      for processor in configuration.processors { try processor.process(&usual, after: prefix) }
      #expect(usual == chained || parameters.temperature == 1)
    }
  }
}
