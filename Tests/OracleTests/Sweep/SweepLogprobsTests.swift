import Llama
import TestSupport
import Testing

@testable import Oracle

/// Log-probabilities that a server listed for a sweep: what follows each token of the continuation.
struct SweepLogprobsTests {
  private let fixture: SweepFixture
  private static let lists: [[TokenID: Double]] = [
    [5: -0.1, 1: -3], [6: -0.2, 2: -2.5], [7: -0.1, 3: -4], [0: -0.5, 1: -1], [2: -0.3, 4: -2],
  ]

  init() throws { fixture = try SweepFixture() }

  /// Writes an echo of prefix and continuation, its first entry null, or the continuation alone; what
  /// follows the last row is left out or comes as one token more.
  private func write(
    _ lists: [[TokenID: Double]], rows: Int, isEcho: Bool = true, hasNext: Bool = true
  ) throws {
    let before = isEcho ? SweepFixture.prefix : []
    let text = before + SweepFixture.continuation
    let filler: [[TokenID: Double]?] = text.indices.map { index in
      let row = index - before.count - 1
      return index == 0 ? nil : row >= 0 ? lists[row] : [text[index]: -1, 7: -2]
    }
    try fixture.write(
      tokens: text + (hasNext ? [2] : []), lists: filler + (hasNext ? [lists.last] : []), rows: rows
    )
  }

  @Test(arguments: [true, false], [true, false])
  func `an echo and a continuation are read`(isEcho: Bool, hasNext: Bool) throws {
    try write(Self.lists, rows: 1, isEcho: false)
    try write(Self.lists, rows: 4, isEcho: isEcho, hasNext: hasNext)
    let report = try fixture.read()
    #expect(report.verdict == .independent && !report.comparesBits)
    #expect(report.figures[0].compared == (hasNext ? 5 : 4))
    #expect(report.sentence.hasPrefix("Nothing shows that"))
    #expect(report.sentence.contains("Bits that were rounded off"))
  }

  @Test func `a value, a token that is listed and a choice are told apart`() throws {
    try write(Self.lists, rows: 1)
    var lists = Self.lists
    lists[1][2] = -2.25
    try write(lists, rows: 2)
    lists = Self.lists
    lists[0] = [5: -0.1, 4: -3]
    lists[3] = [0: -1.25, 1: -1]
    try write(lists, rows: 4)
    let report = try fixture.read()
    #expect(report.verdict == .choices)
    #expect(report.valuesChangeFrom == 2 && report.choicesChangeFrom == 4)
    #expect(report.figures.map(\.different) == [1, 2])
    #expect(report.figures[0].largestAt == SweepPlace(row: 1, position: 4, token: 2))
    #expect(report.figures[0].largest == 0.25)
    let flip = try #require(report.figures[1].flips.first)
    #expect((flip.row, flip.alone, flip.among, flip.leadAlone) == (3, 0, 1, 0.5))
    #expect(report.sentence.contains("listed log-probabilities change from 2 rows on"))
  }

  @Test func `rows of which a server said nothing are not compared`() throws {
    try write(Self.lists, rows: 1)
    let lists: [[TokenID: Double]?] = [nil, Self.lists[0], nil, nil, Self.lists[3], Self.lists[4]]
    try fixture.write(tokens: SweepFixture.continuation + [2], lists: lists, rows: 4)
    let report = try fixture.read()
    #expect(report.figures[0].compared == 3 && report.verdict == .independent)
    #expect(report.sentence.contains("in 3 rows"))
    try fixture.write(
      tokens: SweepFixture.continuation, lists: Array(repeating: nil, count: 5), rows: 2)
    #expect(throws: SweepError.nothingCompared(path: fixture.path + "/rows-2.json")) {
      try fixture.read()
    }
  }

  /// What one list of rows among others is replaced by, and words of the sentence.
  @Test(arguments: [
    ([5: -0.1], "lists one token, where the most probable ones are compared"),
    ([5: -0.1, 8: -3], "row 0 lists token 8, where the model has 8 tokens"),
  ])
  func `lists that cannot be compared are refused`(list: [TokenID: Double], words: String) throws {
    try write(Self.lists, rows: 1)
    try write([list] + Self.lists.dropFirst(), rows: 2)
    let path = fixture.path + "/rows-2.json"
    #expect(sentence(about: path) { try fixture.read() }.contains(words))
  }

  @Test(arguments: [
    ([1, 2, 3, 4, 5, 6, 6, 0], "token 6 is 6, but must be 7, as the sweep has it"),
    ([4, 5, 6, 7], "the number of tokens is 4, but must be 5"),
    ([4, 5, 6, 7, 0, 1, 2], "the number of tokens is 7"),
    ([3, 5, 6, 7, 0], "token 0 is 3, but must be 4"),
  ])
  func `another text is refused`(tokens: [TokenID], words: String) throws {
    try write(Self.lists, rows: 1)
    try fixture.write(tokens: tokens, lists: tokens.map { [$0: -1] }, rows: 2)
    let path = fixture.path + "/rows-2.json"
    #expect(sentence(about: path) { try fixture.read() }.contains(words))
  }

  @Test func `logits and lists are not compared`() throws {
    try write(Self.lists, rows: 1)
    try fixture.write(SweepFixture.logits(), rows: 4)
    #expect(throws: SweepError.self) { try fixture.read() }
  }
}
