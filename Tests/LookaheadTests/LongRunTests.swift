import Foundation
import Llama
import Tensor
import TestSupport
import Testing

@testable import Lookahead

#if os(Linux)
  /// Text after text on one decoder, each to the end of the context: no memory is lost. Each test is a
  /// process of its own, so that what other tests take is not counted.
  @Suite(.enabled(if: !Sanitizer.isActive, "\(Sanitizer.comment)"))
  struct LongRunTests {
    /// How far a run goes: a tenth in the quick suite.
    static let tokens = LongSuite.isRequested ? 20_000 : 2_500

    @Test func `plain decoding does not grow`() async {
      await #expect(processExitsWith: .success) {
        var decoder = try AutoregressiveDecoder(
          model: TestModels.tinyLlama.get(), selector: GreedySelector())
        try LongRunTests.expectSteadyMemory { prompt, stop in
          try decoder.generate(prompt: prompt, stop: stop).tokens.count
        }
      }
    }

    @Test func `lookahead decoding does not grow`() async {
      await #expect(processExitsWith: .success) {
        var decoder = try LookaheadDecoder(
          model: TestModels.tinyLlama.get(),
          selector: SamplingSelector(try SamplingConfiguration(temperature: 1, seed: 5)),
          configuration: LookaheadConfiguration())
        try LongRunTests.expectSteadyMemory { prompt, stop in
          try decoder.generate(prompt: prompt, stop: stop).tokens.count
        }
      }
    }

    @Test func `a text as events does not grow, even if its reader is slow`() async {
      await #expect(processExitsWith: .success) {
        let decoder = AsyncDecoder(
          try LookaheadDecoder(
            model: TestModels.tinyLlama.get(), selector: GreedySelector(),
            configuration: LookaheadConfiguration()))
        var samples: [Int] = []
        var tokens = 0
        while tokens < LongRunTests.tokens {
          let events = decoder.generate(
            prompt: LongRunTests.prompt(samples.count), stop: LongRunTests.stop)
          var isFirst = true
          for try await event in events {
            // Decoding runs ahead meanwhile, as far as it may.
            if isFirst { try await Task.sleep(for: .milliseconds(200)) }
            isFirst = false
            if case .tokens(let accepted) = event { tokens += accepted.count }
          }
          samples.append(try #require(ResidentMemory.bytes))
        }
        LongRunTests.expectSteady(samples)
      }
    }

    /// Ends with the context, and not before.
    static let stop = StopRules(endTokens: [], maximumTokens: .max)

    /// Another prompt for each text, so that little of the cache is used again.
    static func prompt(_ number: Int) -> [TokenID] { [5 + number % 100, 6, 7, 8] }

    /// Makes texts until there are enough tokens.
    static func expectSteadyMemory(
      _ generate: ([TokenID], StopRules) throws -> Int
    ) throws {
      var samples: [Int] = []
      var tokens = 0
      while tokens < Self.tokens {
        tokens += try generate(prompt(samples.count), stop)
        samples.append(try #require(ResidentMemory.bytes))
      }
      expectSteady(samples)
    }

    /// The first text gets the memory that all others use again.
    static func expectSteady(_ samples: [Int]) {
      let steady = samples.dropFirst(1)
      let growth = (steady.max() ?? 0) - (steady.first ?? 0)
      #expect(samples.count > 2 && growth < 4 << 20, "\(samples)")
    }
  }
#endif
