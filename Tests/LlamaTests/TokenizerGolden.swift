import Foundation
import Llama
import TestSupport
import Testing

/// Fixtures/golden/tokenizer/strings.json: what Hugging Face tokenizers make of over a thousand
/// strings, for each tokenizer of the fixtures and for SmolLM2's.
struct TokenizerGolden: Decodable {
  /// The strings, the same for every tokenizer.
  let strings: [String]
  /// What each tokenizer makes of them, by its name.
  let subjects: [String: Subject]

  /// One tokenizer's results.
  struct Subject: Decodable {
    let vocabularySize: Int
    let ids: [[TokenID]]
    let decodedWhereDifferent: [String: String]
    let idsWithSpecialOfFirst: [[TokenID]]
    let randomDecodings: [Decoding]
  }

  /// The text of arbitrary ids.
  struct Decoding: Decodable {
    let ids: [TokenID]
    let text: String
    let textWithoutSpecial: String
  }

  /// The file, read once.
  static let shared = Result {
    let url = URL(fileURLWithPath: FixturePath.path("golden/tokenizer/strings.json"))
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(TokenizerGolden.self, from: Data(contentsOf: url))
  }

  /// Expects `tokenizer` to agree with the results of `subject` in every string, with and without
  /// special tokens, and in every decoding, at once and token by token.
  static func expectAgreement(_ tokenizer: Tokenizer, with subject: String) throws {
    let golden = try shared.get()
    let expected = try #require(golden.subjects[subject], "no golden for \(subject)")
    #expect(golden.strings.count >= 1000)
    #expect(tokenizer.vocabularySize == expected.vocabularySize)
    for (index, text) in golden.strings.enumerated() {
      let ids = tokenizer.encode(text, addSpecialTokens: false, parseSpecialTokens: true)
      #expect(ids == expected.ids[index], "\(subject): \(text.debugDescription)")
      let decoded = expected.decodedWhereDifferent["\(index)"] ?? text
      expectText(of: expected.ids[index], skipSpecialTokens: false, tokenizer, is: decoded)
    }
    for (text, ids) in zip(golden.strings, expected.idsWithSpecialOfFirst) {
      #expect(tokenizer.encode(text, addSpecialTokens: true, parseSpecialTokens: true) == ids)
    }
    for decoding in expected.randomDecodings {
      expectText(of: decoding.ids, skipSpecialTokens: false, tokenizer, is: decoding.text)
      expectText(
        of: decoding.ids, skipSpecialTokens: true, tokenizer, is: decoding.textWithoutSpecial)
    }
  }

  /// Compares scalars: `==` would take different spellings of a character for equal.
  private static func expectText(
    of ids: [TokenID], skipSpecialTokens: Bool, _ tokenizer: Tokenizer, is expected: String
  ) {
    let decoded = tokenizer.decode(ids, skipSpecialTokens: skipSpecialTokens)
    #expect(Array(decoded.utf8) == Array(expected.utf8), "\(ids)")
    var decoder = StreamingTextDecoder(tokenizer, skipSpecialTokens: skipSpecialTokens)
    let parts = ids.map { decoder.append($0) } + [decoder.finish()]
    #expect(parts.flatMap(\.utf8) == Array(expected.utf8), "token by token: \(ids)")
  }
}
