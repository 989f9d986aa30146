import Llama
import TestSupport
import Testing

@testable import Lookahead

/// Top-k, top-p and min-p against their definitions.
@Suite struct FiltersTests {
  /// Logits of very different shapes: flat, sharp, with many equal ones, with forbidden tokens.
  static func row(_ seed: Int) -> [Float] {
    var generator = SeededGenerator(seed: UInt64(seed))
    let count = [1, 2, 17, 300, 1_500][seed % 5]
    let scale = Float([0.01, 1, 5, 60][seed % 4])
    return (0..<count).map { _ in
      let value = Float.random(in: -1...1, using: &generator) * scale
      if seed % 3 == 1 { return (value * 4).rounded() / 4 }  // many equal, zeros of both signs
      return seed % 3 == 2 && Int.random(in: 0..<4, using: &generator) == 0 ? -.infinity : value
    }
  }

  static func kept(_ logits: [Float]) -> [TokenID] {
    logits.indices.filter { logits[$0] > -.infinity }
  }

  static func kept(_ logits: [Double]) -> [TokenID] {
    logits.indices.filter { logits[$0] > -.infinity }
  }

  static let empty = TextPrefix([], promptCount: 0)

  @Test("Top-k keeps the first k of the ranking, whatever the logits", arguments: 0..<60)
  func topK(seed: Int) {
    let row = Self.row(seed)
    for count in [1, 2, 7, 40, row.count - 1, row.count, row.count + 1] where count > 0 {
      var found = row
      TopK(count).process(&found, after: Self.empty)
      #expect(Self.kept(found) == Self.kept(NaiveSampling.topK(row.map(Double.init), count)))
      #expect(Self.kept(found).allSatisfy { found[$0] == row[$0] })
    }
  }

  @Test("Top-p keeps the fewest tokens that reach the mass", arguments: 0..<60)
  func topP(seed: Int) throws {
    let row = Self.row(seed)
    guard row.contains(where: { $0 > -.infinity }) else { return }
    // Masses that no sum of a few equal probabilities is.
    for mass in [0.0001, 0.0513, 0.31371, 0.7019, 0.95117, 0.99973] {
      var found = row
      try TopP(mass).process(&found, after: Self.empty)
      #expect(Self.kept(found) == Self.kept(NaiveSampling.topP(row.map(Double.init), mass)))
    }
  }

  @Test(
    "Min-p keeps the tokens with at least that fraction of the largest probability",
    arguments: 0..<60)
  func minP(seed: Int) throws {
    let row = Self.row(seed)
    guard row.contains(where: { $0 > -.infinity }) else { return }
    for ratio in [0.0001, 0.051, 0.311, 0.7, 0.999] {
      var found = row
      try MinP(ratio).process(&found, after: Self.empty)
      #expect(Self.kept(found) == Self.kept(NaiveSampling.minP(row.map(Double.init), ratio)))
    }
    var found = row
    try MinP(1).process(&found, after: Self.empty)
    #expect(Self.kept(found) == row.indices.filter { row[$0] == row.max() })
  }

  @Test("Of equally probable tokens those with the lowest ids are kept")
  func ties() throws {
    var row: [Float] = [0, 1, -0.0, 1, 0, 1]
    TopK(4).process(&row, after: Self.empty)
    #expect(Self.kept(row) == [0, 1, 3, 5])
    row = [2, 2, 2, 2]
    try TopP(0.5).process(&row, after: Self.empty)
    #expect(Self.kept(row) == [0, 1])
  }

  @Test("A mass of 1 keeps all tokens, and the next lower one all with a probability above 0")
  func wholeMass() throws {
    var row: [Float] = [0, -3, -.infinity, -80]
    try TopP(1).process(&row, after: Self.empty)
    #expect(row == [0, -3, -.infinity, -80])
    try TopP(1.0.nextDown).process(&row, after: Self.empty)
    #expect(Self.kept(row).starts(with: [0, 1]))
  }

  @Test("If every token is forbidden, filters that need a distribution throw")
  func nothingLeft() {
    var row: [Float] = [-.infinity, -.infinity]
    let prefix = TextPrefix([1, 2, 3], promptCount: 2)
    #expect(throws: LookaheadError.noTokenLeft(position: 3)) {
      try TopP(0.5).process(&row, after: prefix)
    }
    #expect(throws: LookaheadError.noTokenLeft(position: 3)) {
      try MinP(0.5).process(&row, after: prefix)
    }
    #expect(throws: LookaheadError.noTokenLeft(position: 3)) {
      try Temperature(0.5).process(&row, after: prefix)
    }
  }
}
