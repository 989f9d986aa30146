import Llama
import TestSupport
import Testing

@testable import Lookahead

@Suite struct OutputTextTests {
  static let tokenizers = Result {
    try ["tiny-llama", "tiny-sentencepiece", "tiny-f16"].map {
      try #require(try TestModels.checkpoint($0).makeTokenizer())
    }
  }

  /// The pieces of a text, and whether it was stopped.
  static func pieces(
    _ tokens: [TokenID], _ tokenizer: Tokenizer, stop: [String]
  ) throws -> (pieces: [String], isStopped: Bool) {
    var output = OutputText(tokenizer, stopStrings: try StopStrings(stop, tokenizer: tokenizer))
    let pieces = tokens.map { output.append($0) } + [output.finish()]
    return (pieces, output.isStopped)
  }

  /// The text before the occurrence that is complete first; of those the longest.
  static func cut(_ text: String, before stop: [String]) -> String {
    let bytes = Array(text.utf8)
    for end in 0...bytes.count {
      let found = stop.map { Array($0.utf8) }.filter { bytes[..<end].suffix($0.count) == $0[...] }
      if let longest = found.map(\.count).max() {
        return String(decoding: bytes[..<(end - longest)], as: UTF8.self)
      }
    }
    return text
  }

  @Test(
    "The pieces make the text up to the stop string, however it lies across tokens",
    arguments: 0..<120)
  func property(seed: Int) throws {
    var generator = SeededGenerator(seed: UInt64(seed))
    let tokenizer = try Self.tokenizers.get()[seed % 3]
    let tokens =
      seed % 2 == 0
      ? tokenizer.encode(
        "The fox 🦊 said: žluťoučký kůň, aaaaab. The end", addSpecialTokens: false,
        parseSpecialTokens: false)
      : (0..<40).map { _ in Int.random(in: 3..<300, using: &generator) }
    let whole = tokenizer.decode(tokens, skipSpecialTokens: true)
    let scalars = Array(whole.unicodeScalars)
    // Parts of the text itself, and something that nearly occurs.
    let stop =
      (0..<Int.random(in: 0...3, using: &generator)).map { _ in
        let start = Int.random(in: 0..<scalars.count, using: &generator)
        let end = min(scalars.count, start + Int.random(in: 1...6, using: &generator))
        return String(String.UnicodeScalarView(scalars[start..<end]))
      } + ["The fox 🦊 says", "aab\u{1}"]
    let found = try Self.pieces(tokens, tokenizer, stop: stop)
    let expected = Self.cut(whole, before: stop)
    #expect(found.pieces.joined() == expected, "\(stop)")
    #expect(found.isStopped == (expected != whole), "\(stop)")
  }

  @Test("Only a possible beginning of a stop string is held back")
  func holding() throws {
    let tokenizer = try Self.tokenizers.get()[0]
    let tokens = tokenizer.encode(
      "abcabd", addSpecialTokens: false, parseSpecialTokens: false)
    // One byte a token, so that every place in a stop string is a border between tokens.
    let single = Array("abcabd".utf8).compactMap { tokenizer.id(of: String(UnicodeScalar($0))) }
    #expect(single.count == 6 && tokens.count <= 6)
    #expect(
      try Self.pieces(single, tokenizer, stop: ["abd"]).pieces == ["", "", "abc", "", "", "", ""])
    #expect(
      try Self.pieces(single, tokenizer, stop: ["abdx"]).pieces
        == ["", "", "abc", "", "", "", "abd"])
    #expect(
      try Self.pieces(single, tokenizer, stop: ["x"]).pieces == ["a", "b", "c", "a", "b", "d", ""])
  }

  @Test("The string that is complete first ends the text, the longest of several such")
  func several() throws {
    let tokenizer = try Self.tokenizers.get()[0]
    let tokens = tokenizer.encode(
      "one two three", addSpecialTokens: false, parseSpecialTokens: false)
    func text(_ stop: [String]) throws -> String {
      try Self.pieces(tokens, tokenizer, stop: stop).pieces.joined()
    }
    #expect(try text(["three", "two"]) == "one ")
    #expect(try text(["one two three", "two"]) == "one ")
    #expect(try text(["two", "ne two"]) == "o")
    #expect(try text(["one"]) == "")
    #expect(try text(["four"]) == "one two three")
  }

  @Test("An empty stop string is refused")
  func empty() throws {
    let tokenizer = try Self.tokenizers.get()[0]
    let error = #expect(throws: LookaheadError.emptyStopString) {
      try StopStrings(["a", ""], tokenizer: tokenizer)
    }
    #expect(error?.description == "A stop string is empty, but must have at least one character.")
  }
}
