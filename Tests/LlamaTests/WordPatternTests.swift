import TestSupport
import Testing

@testable import Llama

struct WordPatternTests {
  private static func pieces(_ text: String, _ steps: [PreTokenizer.Step]) -> [String] {
    var pieces: [String] = []
    PreTokenizer(steps: steps).forEachPiece(of: Array(text.utf8)[...]) {
      pieces.append(String(decoding: $0, as: UTF8.self))
    }
    return pieces
  }

  /// Checked against the regular expression in Hugging Face tokenizers 0.23.3.
  @Test(arguments: [
    ("I'll say 'S don't", ["I", "'ll", " say", " '", "S", " don", "'t"]),
    ("a  b\n\n c  ", ["a", " ", " b", "\n\n", " c", "  "]),
    ("x1234 ½ 5é", ["x", "1234", " ½", " 5", "é"]),
    ("  \t\n", ["  \t\n"]),
    ("!!? (ok)\r\n\n", ["!!?", " (", "ok", ")", "\r\n\n"]),
    ("a\u{A0}b\u{3000} c", ["a", "\u{A0}", "b", "\u{3000}", " c"]),
    ("it'ſ 'RE", ["it", "'", "ſ", " '", "RE"]),
    ("\n\n\na", ["\n\n", "\n", "a"]),
  ])
  func `GPT-2's pattern`(text: String, expected: [String]) {
    #expect(Self.pieces(text, [.split(.gpt2)]) == expected)
  }

  /// Checked against the regular expression in Hugging Face tokenizers 0.23.3.
  @Test(arguments: [
    ("I'll say 'S don't", ["I", "'ll", " say", " '", "S", " don", "'t"]),
    ("a  b\n\n c  ", ["a", " ", " b", "\n\n", " c", "  "]),
    ("x1234 ½ 5é", ["x", "123", "4", " ", "½", " ", "5", "é"]),
    ("!!? (ok)\r\n\n", ["!!?", " (", "ok", ")\r\n\n"]),
    ("a\u{A0}b\u{3000} c", ["a", "\u{A0}b", "\u{3000}", " c"]),
    ("it'ſ 'RE", ["it", "'ſ", " '", "RE"]),
    ("'ſa 'sa", ["'ſ", "a", " '", "sa"]), ("'LL\t\n  x", ["'LL", "\t\n", " ", " x"]),
  ])
  func `Llama 3's pattern`(text: String, expected: [String]) {
    #expect(Self.pieces(text, [.split(.llama3)]) == expected)
  }

  @Test(arguments: [
    (WordPattern.eachNumber, ["x", "1", "2", "3", "4", " ", "½", " ", "5", "é!?"]),
    (.numberRuns, ["x", "1234", " ", "½", " ", "5", "é!?"]),
    (.digitTriples, ["x", "123", "4 ½ 5é!?"]),
    (.punctuationRuns, ["x1234 ½ 5é", "!?"]),
  ])
  func `numbers and punctuation`(pattern: WordPattern, expected: [String]) {
    #expect(Self.pieces("x1234 ½ 5é!?", [.split(pattern)]) == expected)
  }

  @Test func `a prefixed space stands before every piece that lacks one`() {
    #expect(Self.pieces("a1 b", [.split(.eachNumber), .prefixSpace]) == [" a", " 1", " b"])
    #expect(Self.pieces("", [.prefixSpace]).isEmpty)
  }

  @Test(arguments: ["gpt-2", "llama-bpe", "llama3", "llama-v3", "smollm", "default"])
  func `every pre-tokenizer keeps the text`(name: String) throws {
    let steps = try #require(PreTokenizer(ggufName: name)).steps
    var random = SeededGenerator(seed: 5)
    let alphabet = Array("aé'sRE 1½٣\n\r\t\u{A0}\u{3000}!?—🦊\u{301}ſ".unicodeScalars)
    for _ in 0..<500 {
      var text = ""
      for _ in 0..<Int.random(in: 0...20, using: &random) {
        text.unicodeScalars.append(alphabet.randomElement(using: &random) ?? " ")
      }
      let pieces = Self.pieces(text, steps)
      #expect(pieces.flatMap(\.utf8) == Array(text.utf8))
      #expect(!pieces.contains(""))
    }
  }

  @Test func `letters younger than Unicode 16 are not letters to the expressions`() {
    // U+088F came with Unicode 17, U+1C89 with Unicode 16.
    #expect(ScalarClass.of("\u{88F}") == .other)
    #expect(ScalarClass.of("\u{1C89}") == .letter)
    #expect(ScalarClass.of("٣") == .number)
    #expect(ScalarClass.of("\u{85}") == .space)
    #expect(ScalarClass.of("\u{200B}") == .other)
  }
}
