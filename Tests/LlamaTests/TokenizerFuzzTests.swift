import Foundation
import Llama
import TestSupport
import Testing

struct TokenizerFuzzTests {
  private static func text(_ random: inout SeededGenerator) -> String {
    let parts = [
      " ", "  ", "\n", "\r\n", "'s", "'LL", "the", "fox", "é", "e\u{301}", "漢", "🦊", "12", "½",
      "!?",
      "▁", "<s>", "<|im_end|>", "<note>", "<0x41>", "Ġ", "\u{0}", "\u{FFFD}",
    ]
    var text = ""
    for _ in 0..<Int.random(in: 0...12, using: &random) {
      if Bool.random(using: &random) {
        text += parts.randomElement(using: &random) ?? ""
      } else if let scalar = Unicode.Scalar(UInt32.random(in: 0...0x10FFFF, using: &random)) {
        text.unicodeScalars.append(scalar)
      }
    }
    return text
  }

  @Test(arguments: TokenizerFixture.folders, [true, false])
  func `any text is encoded, and decoded to itself`(folder: String, parsing: Bool) throws {
    let tokenizer = try TokenizerFixture.tokenizer(folder)
    var random = SeededGenerator(seed: 37)
    for _ in 0..<300 {
      let text = Self.text(&random)
      let ids = tokenizer.encode(text, addSpecialTokens: false, parseSpecialTokens: parsing)
      #expect(ids.allSatisfy { (0..<tokenizer.vocabularySize).contains($0) })
      let decoded = tokenizer.decode(ids, skipSpecialTokens: false)
      // SentencePiece takes a first space, and what looks like its own marks, for its own.
      if tokenizer.kind == .byteLevel
        || !(text.contains("▁") || text.contains("<") || text.hasPrefix(" "))
      {
        #expect(Array(decoded.utf8) == Array(text.utf8), "\(folder): \(text.debugDescription)")
      }
    }
  }

  /// Time that grew with the square of the length would be minutes.
  @Test(.timeLimit(.minutes(1)), arguments: ["tiny-llama", "tiny-sentencepiece", "tiny-llama3"])
  func `long words take little more than their length in time`(folder: String) throws {
    let tokenizer = try TokenizerFixture.tokenizer(folder)
    for unit in ["a", "the", " ", "<", "漢", "\n "] {
      let text = String(repeating: unit, count: 20_000)
      let ids = tokenizer.encode(text, addSpecialTokens: false, parseSpecialTokens: true)
      #expect(tokenizer.decode(ids, skipSpecialTokens: false) == text)
    }
  }

  @Test(.timeLimit(.minutes(1)), arguments: ["lstrip", "rstrip"])
  func `tokens of white space that take more of it take no square of the time`(
    side: String
  ) throws {
    let tokenizer = try TokenizerFixture.tokenizer("tiny-llama") { root in
      let token: [String: Any] = ["id": 1024, "content": " ", side: true, "normalized": false]
      root["added_tokens"] = (root["added_tokens"] as? [[String: Any]] ?? []) + [token]
    }
    let text = String(repeating: " ", count: 1_000_000)
    let ids = tokenizer.encode(text, addSpecialTokens: false, parseSpecialTokens: true)
    #expect(ids == Array(repeating: 1024, count: 1_000_000))
  }

  @Test(arguments: ["tiny-llama", "tiny-sentencepiece", "tiny-llama3"])
  func `a changed file gives a tokenizer or an error, never a trap`(folder: String) throws {
    let original = Array(try TokenizerFixture.contents(folder, "tokenizer.json"))
    var random = SeededGenerator(seed: 41)
    for _ in 0..<40 {
      var bytes = original
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        let place = Int.random(in: bytes.indices, using: &random)
        // Digits stay digits now and then, so that the file is still read to its end.
        bytes[place] = UInt8.random(
          in: bytes[place] < 0x40 ? 0x30...0x39 : 0x20...0x7E, using: &random)
      }
      do {
        let tokenizer = try Tokenizer(
          contentsOfTokenizerJSON: Data(bytes), configuration: nil, path: "x")
        for _ in 0..<5 {
          let text = Self.text(&random)
          let ids = tokenizer.encode(text, addSpecialTokens: true, parseSpecialTokens: true)
          _ = tokenizer.decode(ids, skipSpecialTokens: true)
        }
      } catch {
        continue
      }
    }
  }
}
