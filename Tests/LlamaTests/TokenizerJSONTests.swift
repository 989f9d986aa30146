import Foundation
import Llama
import TestSupport
import Testing

/// Reading tokenizer.json: parts that occur in other files than the fixtures, and files that are
/// wrong.
struct TokenizerJSONTests {
  private static let mark = "▁"

  private static func addedToken(_ id: Int, _ content: String, _ settings: [String: Any] = [:])
    -> [String: Any]
  {
    ["id": id, "content": content, "special": false, "normalized": false]
      .merging(settings) { $1 }
  }

  private static func add(_ tokens: [[String: Any]], to root: inout [String: Any]) {
    root["added_tokens"] = (root["added_tokens"] as? [[String: Any]] ?? []) + tokens
  }

  private static func changeModel(
    _ root: inout [String: Any], _ change: (inout [String: Any]) -> Void
  ) {
    var model = root["model"] as? [String: Any] ?? [:]
    change(&model)
    root["model"] = model
  }

  /// Checked against Hugging Face tokenizers 0.23.3.
  @Test(arguments: [
    ("a  <mask> b", ["a", "<mask>", "Ġb"]),
    ("a <end> \n b", ["a", "Ġ", "<end>", "b"]),
    ("a<word>", ["a", "<", "w", "or", "d", ">"]),
    ("a <word> b", ["a", "Ġ", "<word>", "Ġb"]),
    ("<word>é", ["<", "w", "or", "d", ">", "Ã", "©"]),
    ("-<word>.", ["-", "<word>", "."]),
    ("<word>s", ["<word>s"]),
    ("x<word>s <mask>", ["x", "<word>s", "<mask>"]),
  ])
  func `added tokens take the space that they ask for`(text: String, expected: [String]) throws {
    let tokenizer = try TokenizerFixture.tokenizer("tiny-llama") { root in
      Self.add(
        [
          Self.addedToken(1024, "<mask>", ["lstrip": true]),
          Self.addedToken(1025, "<end>", ["rstrip": true]),
          Self.addedToken(1026, "<word>", ["single_word": true]),
          Self.addedToken(1027, "<word>s"),
        ], to: &root)
    }
    #expect(TokenizerFixture.tokens(text, tokenizer) == expected)
  }

  /// Checked against Hugging Face tokenizers 0.23.3.
  @Test(arguments: [
    ("always", true, ["▁a", "▁", "▁f", "o", "x", "<s>", "▁the"]),
    ("always", false, ["▁a", "▁", "▁f", "o", "x", "<s>", "▁the"]),
    ("first", true, ["▁a", "▁", "▁f", "o", "x", "<s>", "t", "he"]),
    ("first", false, ["▁a", "▁", "▁f", "o", "x", "<s>", "t", "he"]),
    ("never", true, ["a", "▁", "▁f", "o", "x", "<s>", "t", "he"]),
    ("never", false, ["a", "▁", "▁f", "o", "x", "<s>", "t", "he"]),
  ])
  func `Metaspace puts its mark where its scheme says`(
    scheme: String, split: Bool, expected: [String]
  ) throws {
    let tokenizer = try TokenizerFixture.tokenizer("tiny-sentencepiece") { root in
      root["normalizer"] = nil
      root["pre_tokenizer"] = [
        "type": "Metaspace", "replacement": Self.mark, "prepend_scheme": scheme, "split": split,
      ]
    }
    #expect(TokenizerFixture.tokens("a  fox<s>the", tokenizer) == expected)
  }

  @Test func `a normalized added token is found with the mark before it`() throws {
    let tokenizer = try TokenizerFixture.tokenizer("tiny-sentencepiece") { root in
      Self.add([Self.addedToken(448, "<note>", ["normalized": true])], to: &root)
    }
    #expect(TokenizerFixture.tokens("a <note> b", tokenizer).contains("<note>"))
    #expect(!TokenizerFixture.tokens("a<note> b", tokenizer).contains("<note>"))
    let ids = tokenizer.encode("a <note> b", addSpecialTokens: false, parseSpecialTokens: true)
    #expect(tokenizer.decode(ids, skipSpecialTokens: true) == "a <note> b")
  }

  @Test func `unknown characters are fused into one token, or left out`() throws {
    func tokens(_ unknown: Any, fused: Bool, _ text: String = "a漢字b") throws -> [String] {
      let tokenizer = try TokenizerFixture.tokenizer("tiny-sentencepiece") { root in
        Self.changeModel(&root) { model in
          model["byte_fallback"] = false
          model["unk_token"] = unknown
          model["fuse_unk"] = fused
        }
      }
      return TokenizerFixture.tokens(text, tokenizer)
    }
    #expect(try tokens("<unk>", fused: true) == ["▁a", "<unk>", "b"])
    #expect(try tokens("<unk>", fused: false) == ["▁a", "<unk>", "<unk>", "b"])
    #expect(try tokens(NSNull(), fused: false) == ["▁a", "b"])
    // What is left out does not stand between its neighbours any more.
    #expect(try tokens(NSNull(), fused: false, "a 漢 2") == ["▁a", "▁▁", "2"])
  }

  @Test func `tokenizer_config.json overrules the tokens around a text`() throws {
    func frame(_ configuration: String) throws -> [TokenID] {
      try Tokenizer(
        contentsOfTokenizerJSON: TokenizerFixture.contents("tiny-llama3", "tokenizer.json"),
        configuration: Data(configuration.utf8), path: "tokenizer.json"
      ).encode("", addSpecialTokens: true, parseSpecialTokens: true)
    }
    let names = #""bos_token": "<|begin_of_text|>", "eos_token": {"content": "<|eot_id|>"}"#
    #expect(try frame("{\(names)}") == [507])
    #expect(try frame("{\(names), \"add_bos_token\": false}") == [])
    #expect(
      try frame("{\(names), \"add_bos_token\": true, \"add_eos_token\": true}") == [507, 511])
  }

  private typealias FileMistake = Mistake<[String: Any]>

  /// What a file can have wrong, and words of the sentence that says so.
  private static let mistakes: [FileMistake] = [
    FileMistake("model") { $0["model"] = nil },
    FileMistake("normalizer \"NFC\"") { $0["normalizer"] = ["type": "NFC"] },
    FileMistake("pre-tokenizer \"Whitespace\"") { $0["pre_tokenizer"] = ["type": "Whitespace"] },
    FileMistake("regular expression \"x+\"") {
      $0["pre_tokenizer"] = [
        "type": "Sequence",
        "pretokenizers": [["type": "Split", "pattern": ["Regex": "x+"], "behavior": "Isolated"]],
      ]
    },
    FileMistake("\"Digits without ByteLevel after it\"") {
      $0["pre_tokenizer"] = ["type": "Sequence", "pretokenizers": [["type": "Digits"]]]
    },
    FileMistake("decoder \"WordPiece\"") { $0["decoder"] = ["type": "WordPiece"] },
    FileMistake("no field decoder") { $0["decoder"] = nil },
    FileMistake("post-processor \"BertProcessing\"") {
      $0["post_processor"] = ["type": "BertProcessing"]
    },
    FileMistake("no field added_tokens[0].id") { $0["added_tokens"] = [["content": "x"]] },
    FileMistake("the token \"<x>\" twice") {
      $0["added_tokens"] = [addedToken(1024, "<x>"), addedToken(1024, "<x>")]
    },
    FileMistake("1024 among the added tokens") { $0["added_tokens"] = [addedToken(1024, "a")] },
    FileMistake("the token \"\" twice") { $0["added_tokens"] = [addedToken(1024, "")] },
  ]

  /// What its model can have wrong.
  private static let modelMistakes: [FileMistake] = [
    FileMistake("no field model.vocab") { $0["vocab"] = nil },
    FileMistake("no field model.merges") { $0["merges"] = nil },
    FileMistake("whole number in the field model.vocab.a") { $0["vocab"] = ["a": "1"] },
    FileMistake("the id -1, outside") { $0["vocab"] = ["a": -1] },
    FileMistake("the id 1099511627776, outside") { $0["vocab"] = ["a": 1 << 40] },
    FileMistake("the id 1 to both") { $0["vocab"] = ["a": 1, "b": 1] },
    FileMistake("as merge 0, \"ab\", which is not a pair") { $0["merges"] = ["ab"] },
    FileMistake("as merge 0, \"a b c\", which is not a pair") { $0["merges"] = ["a b c"] },
    FileMistake("a pair of tokens in the field model.merges[0]") { $0["merges"] = [[1, 2]] },
    FileMistake("for merge 0, the token \"qqq\"") { $0["merges"] = ["a qqq"] },
    FileMistake("repeats, as merge 1, the pair \"Ġ t\"") { $0["merges"] = ["Ġ t", ["Ġ", "t"]] },
    FileMistake("tokenizer model \"Unigram\"") { $0["type"] = "Unigram" },
    FileMistake("dropout") { $0["dropout"] = 0.1 },
    FileMistake("end_of_word_suffix \"</w>\"") { $0["end_of_word_suffix"] = "</w>" },
    FileMistake("\"q q\" in the field model.unk_token") { $0["unk_token"] = "q q" },
    FileMistake("byte_fallback") { $0["byte_fallback"] = true },
  ]

  @Test(arguments: mistakes)
  private func `a file that is wrong is refused in one sentence`(mistake: FileMistake) throws {
    let sentence = sentence(about: "tokenizer.json") {
      try TokenizerFixture.tokenizer("tiny-llama", changing: mistake.make)
    }
    #expect(sentence.contains(mistake.sentence) && sentence.hasSuffix("."), "\(sentence)")
  }

  @Test(arguments: modelMistakes)
  private func `a model that is wrong is refused in one sentence`(mistake: FileMistake) throws {
    let sentence = sentence(about: "tokenizer.json") {
      try TokenizerFixture.tokenizer("tiny-llama") { Self.changeModel(&$0, mistake.make) }
    }
    #expect(sentence.contains(mistake.sentence) && sentence.hasSuffix("."), "\(sentence)")
  }

  @Test(arguments: [
    "[]", "{\"bos_token\": 1}", "{\"eos_token\": \"nope\"}",
    "{\"added_tokens_decoder\": {\"x\": {}}}",
    "{\"added_tokens_decoder\": {\"0\": {\"content\": \"<other>\"}}}",
    "{\"add_bos_token\": \"yes\"}",
  ])
  func `a configuration that is wrong is refused`(configuration: String) throws {
    let sentence = sentence(about: "folder/tokenizer_config.json") {
      try Tokenizer(
        contentsOfTokenizerJSON: TokenizerFixture.contents("tiny-llama", "tokenizer.json"),
        configuration: Data(configuration.utf8), path: "folder/tokenizer.json")
    }
    #expect(sentence.hasSuffix("."))
  }

  /// Files of a few bytes that would ask for much memory or stack.
  @Test func `a file cannot ask for more than it holds`() throws {
    func fails(_ change: @escaping (inout [String: Any]) -> Void, _ part: String) {
      let error = #expect(throws: TokenizerError.self) {
        try TokenizerFixture.tokenizer("tiny-llama") { root in change(&root) }
      }
      #expect(error?.description.contains(part) == true, "\(error as Any)")
    }
    fails({ Self.add([Self.addedToken(4_000_000, "<far>")], to: &$0) }, "4000000, outside 0 ..<")
    fails(
      { Self.add([Self.addedToken(1024, String(repeating: "x", count: 257))], to: &$0) },
      "out of range")
    fails(
      { root in
        let content = { (id: Int) in "<\(id)" + String(repeating: "x", count: 240) }
        Self.add((0..<5_000).map { Self.addedToken(1024 + $0, content($0)) }, to: &root)
      }, "more than 1048576 bytes of tokens")
    for (pieces, ids) in [(65, 1), (1, 65)] {
      fails(
        { root in
          let piece = ["SpecialToken": ["id": "x", "type_id": 0]]
          root["post_processor"] = [
            "type": "TemplateProcessing", "pair": [],
            "single": Array(repeating: piece, count: pieces),
            "special_tokens": ["x": ["ids": Array(repeating: 0, count: ids)]],
          ]
        }, "an array of at most 64 elements")
    }
    for (count, part) in [
      (20, "Sequence of 21 steps"), (20_000, "an array of at most 64 elements"),
    ] {
      fails(
        { root in
          let digits = Array(repeating: ["type": "Digits"], count: count)
          root["pre_tokenizer"] = [
            "type": "Sequence", "pretokenizers": digits + [["type": "ByteLevel"]],
          ]
        }, part)
    }
  }
}
