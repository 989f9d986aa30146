import Testing

@testable import Files
@testable import Llama

struct OneLineTests {
  @Test(arguments: [
    ("one line", "one line"), ("é 漢🦊", "é 漢🦊"), ("a\nb", "a\\nb"),
    ("\u{1B}[31mred", "\\u{1B}[31mred"), ("a\u{2028}b", "a\\u{2028}b"), ("", ""),
    ("gguf\u{202E}fdp", "gguf\\u{202E}fdp"), ("👩\u{200D}🚀", "👩\u{200D}🚀"),
  ])
  func `what would steer a terminal is spelled out`(text: String, expected: String) {
    #expect(OneLine.of(text) == expected)
  }

  @Test func `a long text keeps its ends`() {
    let line = OneLine.of("model " + String(repeating: "x", count: 1_000_000) + " is wrong.")
    #expect(line.hasPrefix("model xxx") && line.hasSuffix("xxx is wrong.") && line.contains("…"))
    #expect(line.unicodeScalars.count == 1_001)
  }

  @Test func `errors quote hostile names on one line`() {
    let name = "a\u{1B}[2J\n" + String(repeating: "b", count: 10_000)
    let errors: [any Error] = [
      FileError(name, nil, .duplicate),
      FileError("m", name, .missing),
      FileError("m", nil, .malformed(reason: name)),
      FileError("m", nil, .invalid(expected: name, found: name)),
      ChatTemplateError.malformed(line: 1, problem: name),
    ]
    for error in errors {
      let sentence = "\(error)"
      #expect(sentence.unicodeScalars.count < 1_200 && sentence.hasSuffix("."))
      #expect(!sentence.contains("\u{1B}") && !sentence.contains("\n"))
    }
  }
}
