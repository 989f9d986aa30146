import Llama
import TestSupport
import Testing

@testable import Lookahead

@Suite struct ContinuationIndexTests {
  static func tokens(_ index: ContinuationIndex, after context: [TokenID]) -> [TokenID] {
    index.entries(after: context, limit: 8).map(\.entry.token)
  }

  @Test("The longest match comes first, then the most recent")
  func order() {
    var index = ContinuationIndex()
    index.learn(text: [1, 2, 3, 9, 2, 4, 8, 2, 5], from: 0, origin: .prompt)
    #expect(Self.tokens(index, after: [7, 2]) == [5, 4, 3])
    #expect(Self.tokens(index, after: [1, 2]) == [3, 5, 4])
    #expect(Self.tokens(index, after: [9, 2]) == [4, 5, 3])
    #expect(index.entries(after: [8, 1, 2], limit: 8).map(\.matchLength) == [2, 1, 1])
    #expect(Self.tokens(index, after: [6]).isEmpty && Self.tokens(index, after: []).isEmpty)
    index.learn(text: [2, 3], from: 0, origin: .output)
    #expect(Self.tokens(index, after: [7, 2]) == [3, 5, 4])
    #expect(index.entries(after: [2], limit: 1).map(\.entry.origin) == [.output])
  }

  @Test("What has followed a text is what a search through it finds", arguments: 0..<20)
  func search(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let text = (0..<300).map { _ in Int.random(in: 0..<6, using: &generator) }
    var index = ContinuationIndex()
    index.learn(text: Array(text.prefix(150)), from: 0, origin: .prompt)
    index.learn(text: text, from: 150, origin: .output)
    let context = (0..<5).map { _ in Int.random(in: 0..<6, using: &generator) }
    var expected: [TokenID] = []
    for length in (1...ContinuationIndex.longestMatch).reversed() {
      for end in (length..<text.count).reversed()
      where text[end - length..<end].elementsEqual(context.suffix(length)) {
        if !expected.contains(text[end]) { expected.append(text[end]) }
      }
    }
    #expect(Self.tokens(index, after: context) == expected)
  }

  @Test("Each sequence has a limited number of continuations, the most recent")
  func capacity() {
    var index = ContinuationIndex()
    for token in 0..<100 { index.learn(token, after: [7], from: .window) }
    let newest = Array((100 - ContinuationIndex.capacity..<100).reversed())
    #expect(index.entries(after: [7], limit: 99).map(\.entry.token) == newest)
  }

  @Test("Right and wrong drafts are counted for their entries")
  func judged() {
    var index = ContinuationIndex()
    index.learn(3, after: [1, 2], from: .prompt)
    index.judge(3, after: [1, 2], matchLength: 2, isRight: true)
    index.judge(3, after: [1, 2], matchLength: 2, isRight: false)
    index.judge(4, after: [1, 2], matchLength: 2, isRight: true)
    index.judge(3, after: [1, 2], matchLength: 9, isRight: true)
    let long = index.entries(after: [1, 2], limit: 1)[0].entry
    let short = index.entries(after: [5, 2], limit: 1)[0].entry
    #expect(long.trials.tried == 2 && long.trials.right == 1 && short.trials.tried == 0)
  }

  @Test("The index is bounded: the sequences added or found least recently are dropped")
  func bounded() {
    var index = ContinuationIndex(generationLimit: 100)
    index.learn(5, after: [1_000], from: .prompt)
    for token in 0..<1_000 {
      index.learn(7, after: [token], from: .output)
      if token % 50 == 0 { index.learn(5, after: [1_000], from: .prompt) }
      #expect(index.count <= 200)
    }
    #expect(Self.tokens(index, after: [1_000]) == [5] && Self.tokens(index, after: [999]) == [7])
    #expect(Self.tokens(index, after: [0]).isEmpty)
  }

  @Test("The memory estimate covers a full index")
  func bytes() {
    // A sequence: key and array reference in a dictionary at most three quarters full, and an array
    // of two entries on average with its header.
    let perSequence = (16 * 4 / 3) + 32 + 2 * MemoryLayout<ContinuationIndex.Entry>.stride
    #expect(ContinuationIndex.bytesPerSequence >= perSequence)
  }
}
