import Testing

@testable import CommandLineTool

/// How ids, pieces and numbers are read and written.
struct TextFormsTests {
  @Test(arguments: [
    ("1,2,3", [1, 2, 3]), (" 1 , 2 ", [1, 2]), ("[1, 2]", [1, 2]), ("-4", [-4]), ("", []),
    ("[]", []),
  ])
  func `lists of ids are read`(text: String, ids: [Int]) {
    #expect(TokenIDList(argument: text)?.ids == ids)
  }

  @Test(arguments: ["1,", ",1", "1 2", "x", "1,,2", "[1", "1.5", "99999999999999999999"])
  func `what is no list of ids is refused`(text: String) {
    #expect(TokenIDList(argument: text) == nil)
  }

  @Test(
    arguments: [
      (Array(" fox".utf8), " fox"), (Array("a\n\t\r\"\\".utf8), #"a\n\t\r\"\\"#),
      ([0x1B, 0x41], #"\u{1B}A"#), ([0xC2, 0x85], #"\u{85}"#), ([0xF0, 0x9F], #"\xF0\x9F"#),
      ([0x80, 0x41], #"\x80A"#), (Array("é🦊".utf8), "é🦊"), ([], ""), ([0x00], #"\u{00}"#),
    ] as [([UInt8], String)])
  func `pieces are made visible`(bytes: [UInt8], text: String) {
    #expect(TokenPiece.escaped(bytes) == text)
  }

  @Test(arguments: [
    (0, "0"), (999, "999"), (1_000, "1,000"), (134_515_008, "134,515,008"), (-1_234, "-1,234"),
  ])
  func `thousands are set apart`(number: Int, text: String) {
    #expect(number.grouped == text)
  }

  @Test(arguments: [
    (0, "0 bytes"), (999, "999 bytes"), (1_500, "1.5 kB"), (98_362_432, "98.4 MB"),
    (2_000_000_000, "2.0 GB"),
  ])
  func `bytes are counted in decimal units`(number: Int, text: String) {
    #expect(number.inBytes == text)
  }

  @Test func `nouns follow their number`() {
    #expect(1.counted("pass", plural: "passes") == "1 pass")
    #expect(2.counted("pass", plural: "passes") == "2 passes")
    #expect(1_024.counted("token") == "1,024 tokens")
  }

  @Test(arguments: [
    ("a\n", "a"), ("a\r\n", "a"), ("a\n\n", "a\n"), ("a", "a"), ("\n", ""), ("", ""),
  ])
  func `one line end is dropped`(text: String, line: String) {
    #expect(Array(LineReader.withoutLineEnd(Array(text.utf8)[...])) == Array(line.utf8))
  }
}
