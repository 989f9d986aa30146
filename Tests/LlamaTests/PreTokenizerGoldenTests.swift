import Foundation
import TestSupport
import Testing

@testable import Llama

/// Fixtures/golden/tokenizer/pre-tokenizers.json: strings cut by the pre-tokenizers of all families, as
/// Hugging Face tokenizers cut them, and llama.cpp those that GGUF files name.
struct PreTokenizerGoldenTests {
  private struct Golden: Decodable {
    let strings: [String]
    let gpt2Ids: [[TokenID]]
    let subjects: [String: Subject]
    let gemma: Gemma
  }

  private struct Gemma: Decodable {
    let ids: [[TokenID]]
  }

  private struct Subject: Decodable {
    let gguf: String
    let idsWhereDifferent: [String: [TokenID]]
  }

  private static let path = FixturePath.path("golden/tokenizer/pre-tokenizers.json")

  private static let golden = Result {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(Golden.self, from: Data(contentsOf: URL(filePath: path)))
  }

  private static let names = [
    "llama3", "dbrx", "qwen2", "gpt-4o", "tekken", "refact", "command-r", "deepseek-llm",
    "deepseek-coder", "deepseek-v3", "mpt",
  ]

  /// tiny-llama's tokenizer.json without its added tokens.
  private static func base() throws -> [String: Any] {
    let path = FixturePath.path("tiny-llama/tokenizer.json")
    let json = try JSONSerialization.jsonObject(with: Data(contentsOf: URL(filePath: path)))
    var base = try #require(json as? [String: Any])
    base["added_tokens"] = [Any]()
    return base
  }

  @Test("A tokenizer.json's pre-tokenizer and normalizer", arguments: names)
  func tokenizerJSON(name: String) throws {
    let json = try JSONSerialization.jsonObject(with: Data(contentsOf: URL(filePath: Self.path)))
    let subjects = (json as? [String: Any])?["subjects"] as? [String: [String: Any]]
    let parts = try #require(subjects?[name])
    var tokenizer = try Self.base()
    for key in ["normalizer", "pre_tokenizer"] { tokenizer[key] = parts[key] }
    let data = try JSONSerialization.data(withJSONObject: tokenizer)
    try check(
      Tokenizer(contentsOfTokenizerJSON: data, configuration: nil, path: "tokenizer.json"), name)
  }

  @Test("A GGUF file's pre-tokenizer of that name", arguments: names)
  func gguf(name: String) throws {
    let model = try #require(try Self.base()["model"] as? [String: Any])
    let vocabulary = try #require(model["vocab"] as? [String: Int])
    let merges = try #require(model["merges"] as? [Any]).map { merge in
      (merge as? [String])?.joined(separator: " ") ?? merge as? String ?? ""
    }
    let gguf = try #require(try Self.golden.get().subjects[name]?.gguf)
    let tokens = vocabulary.sorted { $0.value < $1.value }.map(\.key)
    let metadata = GGUFTokenizerMetadata(
      path: "model.gguf", model: "gpt2", pre: gguf, tokens: tokens,
      tokenTypes: tokens.map { _ in 1 }, merges: merges, addBos: false)
    try check(Tokenizer(gguf: metadata), name)
  }

  @Test("Gemma's SentencePiece: spaces are marked, and nothing is put before a text")
  func gemma() throws {
    func object(_ path: String) throws -> [String: Any] {
      let json = try JSONSerialization.jsonObject(with: Data(contentsOf: URL(filePath: path)))
      return try #require(json as? [String: Any])
    }
    var tokenizer = try object(FixturePath.path("tiny-sentencepiece/tokenizer.json"))
    let parts = try #require(try object(Self.path)["gemma"] as? [String: Any])
    for key in ["normalizer", "pre_tokenizer", "decoder"] { tokenizer[key] = parts[key] }
    let data = try JSONSerialization.data(withJSONObject: tokenizer)
    let read = try Tokenizer(
      contentsOfTokenizerJSON: data, configuration: nil, path: "tokenizer.json")
    let golden = try Self.golden.get()
    for (text, ids) in zip(golden.strings, golden.gemma.ids) {
      #expect(
        read.encode(text, addSpecialTokens: false, parseSpecialTokens: true) == ids,
        "\(text.debugDescription)")
      if !text.contains("▁") { #expect(read.decode(ids, skipSpecialTokens: false) == text) }
    }
  }

  private func check(_ tokenizer: Tokenizer, _ name: String) throws {
    let golden = try Self.golden.get()
    let different = try #require(golden.subjects[name]).idsWhereDifferent
    #expect(golden.strings.count > 1_150)
    for (index, text) in golden.strings.enumerated() {
      let expected = different["\(index)"] ?? golden.gpt2Ids[index]
      let ids = tokenizer.encode(text, addSpecialTokens: false, parseSpecialTokens: true)
      #expect(ids == expected, "\(name): \(text.debugDescription)")
    }
  }

  @Test("A text of a million spaces, letters or digits is cut in time", arguments: names)
  func longRuns(name: String) throws {
    let gguf = try #require(try Self.golden.get().subjects[name]?.gguf)
    let preTokenizer = try #require(PreTokenizer(ggufName: gguf))
    for part in [" ", "a", "1", "\n", "-", "\u{4E00}", " a", "\r", "A'"] {
      let text = Array(String(repeating: part, count: 1_000_000 / part.utf8.count).utf8) + [0x78]
      var total = 0
      preTokenizer.forEachPiece(of: text[...]) { total += $0.count }
      #expect(total == text.count)
    }
  }
}
