import TestSupport
import Testing

@testable import Lookahead

@Suite struct LookaheadWindowTests {
  static func window(_ windowSize: Int, _ ngramSize: Int, prompt: [Int] = [3, 4, 5]) throws
    -> LookaheadWindow?
  {
    var generator = SplitMix64(seed: 2)
    let configuration = try LookaheadConfiguration(windowSize: windowSize, ngramSize: ngramSize)
    return LookaheadWindow(configuration, prompt: prompt, using: &generator)
  }

  static func widths(_ window: LookaheadWindow?) -> [Int] { window?.levels.map(\.count) ?? [] }

  @Test("Warm-up adds a level and drops a column until the window has its size")
  func warmUp() throws {
    // The sizes that the window of lade (decoding.py @eed010d) takes for N = 5, W = 7.
    var window = try #require(try Self.window(7, 5))
    #expect(Self.widths(window) == [9])
    window.advanceAfterPrompt(predictions: Array(0..<9))
    #expect(Self.widths(window) == [8, 9] && !window.isWarm)
    window.advance(frontier: Array(0..<9))
    #expect(Self.widths(window) == [7, 8, 8] && !window.isWarm)
    window.advance(frontier: Array(0..<8))
    #expect(Self.widths(window) == [6, 7, 7, 7] && window.isWarm)
    window.advance(frontier: Array(0..<7))
    #expect(Self.widths(window) == [6, 7, 7, 7])
  }

  @Test(
    "A warm window has N - 1 levels of W columns, the current token among them",
    arguments: [(1, 2), (1, 3), (2, 2), (5, 2), (4, 3), (1, 8), (16, 8)])
  func warmSize(windowSize: Int, ngramSize: Int) throws {
    var window = try #require(try Self.window(windowSize, ngramSize))
    window.advanceAfterPrompt(predictions: window.levels[0])
    var passes = 0
    while !window.isWarm {
      let width = window.levels.count == 1 ? window.levels[0].count + 1 : window.levels.last?.count
      window.advance(frontier: Array(repeating: 1, count: width ?? 0))
      passes += 1
    }
    #expect(passes == max(0, ngramSize - 3))
    #expect(window.levels.count == ngramSize - 1)
    #expect(window.levels[0].count == windowSize - 1)
    #expect(window.levels.dropFirst().allSatisfy { $0.count == windowSize })
    #expect(window.reach == ngramSize - 2 + windowSize - 1)
  }

  @Test("The frontier completes one n-gram in each column, and the window moves up")
  func ngrams() throws {
    var window = try #require(try Self.window(2, 4))
    window.advanceAfterPrompt(predictions: [10, 11, 12])
    window.advance(frontier: [20, 21, 22])
    #expect(window.levels.dropFirst().map { $0 } == [[11, 12], [21, 22]])
    let first = window.levels[0][0]
    #expect(
      window.ngrams(current: 9, frontier: [31, 32]) == [[9, 11, 21, 31], [first, 12, 22, 32]])
    window.advance(frontier: [31, 32])
    #expect(window.levels == [[12], [21, 22], [31, 32]])
  }

  @Test("Level 0 is drawn from the prompt, the same for the same seed")
  func draw() throws {
    let prompt = [100, 200, 300, 400]
    let window = try #require(try Self.window(9, 4, prompt: prompt))
    #expect(window.levels[0].count == 10)
    #expect(window.levels[0].allSatisfy(prompt.contains))
    #expect(try Self.window(9, 4, prompt: prompt) == window)
  }

  @Test("A window without columns is nil")
  func none() throws { #expect(try Self.window(0, 4) == nil) }
}
