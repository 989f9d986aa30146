import Files
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

  /// As transformers 5 does; 4.57 heeded the two keys for some classes.
  @Test("The tokens around a text are those of tokenizer.json, whatever else is said")
  func frame() throws {
    func frame(_ configuration: String) throws -> [TokenID] {
      try Tokenizer(
        contentsOfTokenizerJSON: TokenizerFixture.contents("tiny-llama3", "tokenizer.json"),
        configuration: Data(configuration.utf8), path: "tokenizer.json"
      ).encode("", addSpecialTokens: true, parseSpecialTokens: true)
    }
    let names = #""bos_token": "<|begin_of_text|>", "eos_token": {"content": "<|eot_id|>"}"#
    #expect(try frame("{\(names)}") == [507])
    for key in ["add_bos_token", "add_eos_token"] {
      for flag in [true, false] { #expect(try frame("{\(names), \"\(key)\": \(flag)}") == [507]) }
    }
  }

  /// tiny-llama's tokenizer under a tokenizer_config.json.
  private func tinyLlama(_ configuration: String) throws -> Tokenizer {
    try Tokenizer(
      contentsOfTokenizerJSON: TokenizerFixture.contents("tiny-llama", "tokenizer.json"),
      configuration: Data(configuration.utf8), path: "tokenizer.json")
  }

  @Test func `special tokens have names for templates`() throws {
    let tokenizer = try tinyLlama(
      #"{"pad_token": "<|im_end|>", "unk_token": {"content": "a"}, "eos_token": "<|im_end|>", "#
        + #""extra_special_tokens": {"image_token": "<|im_start|>"}}"#)
    #expect(
      tokenizer.namedTokens == [
        "pad_token": "<|im_end|>", "unk_token": "a", "eos_token": "<|im_end|>",
        "image_token": "<|im_start|>",
      ])
  }

  @Test func `tokens that are only listed as special are found whole`() throws {
    let tokenizer = try tinyLlama(#"{"additional_special_tokens": ["the", {"content": "Ġa"}]}"#)
    let id = try #require(tokenizer.id(of: "the"))
    #expect(tokenizer.isSpecial(id))
    #expect(
      tokenizer.encode("xthey", addSpecialTokens: false, parseSpecialTokens: true).contains(id))
  }

  @Test(arguments: ["additional_special_tokens", "extra_special_tokens"])
  func `a listed token without an id is refused`(key: String) {
    let expected = FileError(
      "tokenizer_config.json", "the field \(key)[0]",
      .invalid(expected: "a token of tokenizer.json", found: "\"<|new|>\""))
    #expect(throws: expected) { try tinyLlama("{\"\(key)\": [\"<|new|>\"]}") }
  }

  @Test func `added_tokens.json adds what tokenizer.json lacks`() throws {
    func tokenizer(_ added: String) throws -> Tokenizer {
      try Tokenizer(
        contentsOfTokenizerJSON: TokenizerFixture.contents("tiny-llama", "tokenizer.json"),
        configuration: nil, addedTokens: Data(added.utf8), path: "tokenizer.json")
    }
    let added = try tokenizer(#"{"<new>": 1024, "<|im_end|>": 2}"#)
    #expect(
      added.encode("<new>", addSpecialTokens: false, parseSpecialTokens: false) == [1_024])
    #expect(throws: FileError.self) { try tokenizer(#"{"<new>": 5}"#) }
  }

  private typealias JSONMistake = FileMistake<[String: Any]>

  private static let preTokenizers =
    "Metaspace with ▁, or Split and Digits with ByteLevel at the end, at most 16 steps"

  private static let mistakes: [JSONMistake] = [
    JSONMistake("the field model", .missing) { $0["model"] = nil },
    JSONMistake(
      "the normalizer",
      .unsupported(
        found: "\"NFKC\"",
        supported: "NFC, if any, then Prepend of ▁, if any, and Replace of a space by ▁")
    ) { $0["normalizer"] = ["type": "NFKC"] },
    JSONMistake(
      "the pre-tokenizer", .unsupported(found: "\"Whitespace\"", supported: preTokenizers)
    ) { $0["pre_tokenizer"] = ["type": "Whitespace"] },
    JSONMistake(
      "the pre-tokenizer's regular expression",
      .unsupported(
        found: "\"x+\"",
        supported: "those of GPT-2, GPT-4o, Llama 3, Qwen 2, Tekken and DeepSeek")
    ) {
      $0["pre_tokenizer"] = [
        "type": "Sequence",
        "pretokenizers": [["type": "Split", "pattern": ["Regex": "x+"], "behavior": "Isolated"]],
      ]
    },
    JSONMistake(
      "the pre-tokenizer",
      .unsupported(found: "\"Digits without ByteLevel after it\"", supported: preTokenizers)
    ) { $0["pre_tokenizer"] = ["type": "Sequence", "pretokenizers": [["type": "Digits"]]] },
    JSONMistake("the decoder", .unsupported(found: "\"WordPiece\"", supported: "ByteLevel")) {
      $0["decoder"] = ["type": "WordPiece"]
    },
    JSONMistake("the field decoder", .missing) { $0["decoder"] = nil },
    JSONMistake(
      "the post-processor",
      .unsupported(
        found: "\"BertProcessing\"", supported: "ByteLevel, and one TemplateProcessing of one text")
    ) { $0["post_processor"] = ["type": "BertProcessing"] },
    JSONMistake("the field added_tokens[0].id", .missing) {
      $0["added_tokens"] = [["content": "x"]]
    },
    JSONMistake("the added token \"<x>\"", .duplicate) {
      $0["added_tokens"] = [addedToken(1024, "<x>"), addedToken(1024, "<x>")]
    },
    JSONMistake(
      "the id of the added token \"a\"",
      .invalid(expected: "67, as in the vocabulary", found: "1024")
    ) { $0["added_tokens"] = [addedToken(1024, "a")] },
    JSONMistake("the added token \"\"", .duplicate) {
      $0["added_tokens"] = [addedToken(1024, "")]
    },
  ]

  private static let modelMistakes: [JSONMistake] = [
    JSONMistake("the field model.vocab", .missing) { $0["vocab"] = nil },
    JSONMistake("the field model.merges", .missing) { $0["merges"] = nil },
    JSONMistake("the field model.vocab.a", .invalid(expected: "an integer", found: "\"1\"")) {
      $0["vocab"] = ["a": "1"]
    },
    JSONMistake(
      "the id of the token \"a\"", .invalid(expected: "in 0 ..< 262148", found: "-1")
    ) { $0["vocab"] = ["a": -1] },
    JSONMistake(
      "the id of the token \"a\"", .invalid(expected: "in 0 ..< 262148", found: "1099511627776")
    ) { $0["vocab"] = ["a": 1 << 40] },
    JSONMistake("merge 0", .invalid(expected: "a pair of tokens", found: "\"ab\"")) {
      $0["merges"] = ["ab"]
    },
    JSONMistake("merge 0", .invalid(expected: "a pair of tokens", found: "\"a b c\"")) {
      $0["merges"] = ["a b c"]
    },
    JSONMistake(
      "the field model.merges[0]",
      .invalid(expected: "a pair of tokens", found: "an array of 2 elements")
    ) { $0["merges"] = [[1, 2]] },
    JSONMistake(
      "merge 0", .malformed(reason: "needs the token \"qqq\", which the vocabulary lacks")
    ) { $0["merges"] = ["a qqq"] },
    JSONMistake("the pair \"Ġ t\" of merge 1", .duplicate) { $0["merges"] = ["Ġ t", ["Ġ", "t"]] },
    JSONMistake("the tokenizer model", .unsupported(found: "\"Unigram\"", supported: "BPE")) {
      $0["type"] = "Unigram"
    },
    JSONMistake("the field model.dropout", .unsupported(found: "not 0", supported: "0")) {
      $0["dropout"] = 0.1
    },
    JSONMistake("the end_of_word_suffix", .unsupported(found: "\"</w>\"", supported: "none")) {
      $0["end_of_word_suffix"] = "</w>"
    },
    JSONMistake(
      "the field model.unk_token",
      .invalid(expected: "a token of the vocabulary", found: "\"q q\"")
    ) { $0["unk_token"] = "q q" },
    JSONMistake(
      "the field model.byte_fallback",
      .unsupported(found: "true", supported: "false with ByteLevel")
    ) { $0["byte_fallback"] = true },
  ]

  @Test(arguments: mistakes)
  private func `a file that is wrong is refused`(mistake: JSONMistake) {
    mistake.expect(about: "tokenizer.json") {
      try TokenizerFixture.tokenizer("tiny-llama", changing: mistake.make)
    }
  }

  @Test(arguments: modelMistakes)
  private func `a model that is wrong is refused`(mistake: JSONMistake) {
    mistake.expect(about: "tokenizer.json") {
      try TokenizerFixture.tokenizer("tiny-llama") { Self.changeModel(&$0, mistake.make) }
    }
  }

  @Test func `two tokens with one id are refused`() throws {
    let data =
      Data(
        #"{"model": {"vocab": {"a": 1, "b": 1}, "merges": []}, "decoder": {"type": "Metaspace", "#
          .utf8) + Data(#""replacement": "▁"}}"#.utf8)
    #expect(
      throws: FileError(
        "t.json", "the id of the token \"b\"",
        .invalid(expected: "an id of its own", found: "1, the id of \"a\""))
    ) {
      try Tokenizer(contentsOfTokenizerJSON: data, configuration: nil, path: "t.json")
    }
  }

  @Test(
    arguments: [
      (
        "[]", "the top-level value",
        .invalid(expected: "an object", found: "an array of 0 elements")
      ),
      ("{\"bos_token\": 1}", "the field bos_token", .invalid(expected: "a string", found: "1")),
      (
        "{\"eos_token\": \"nope\"}", "the field eos_token",
        .invalid(expected: "a token of the vocabulary", found: "\"nope\"")
      ),
      (
        "{\"added_tokens_decoder\": {\"x\": {}}}", "the field added_tokens_decoder",
        .invalid(expected: "an object with token ids as keys", found: "one with x")
      ),
      (
        "{\"added_tokens_decoder\": {\"0\": {\"content\": \"<other>\"}}}",
        "the field added_tokens_decoder.0",
        .invalid(expected: "\"<|endoftext|>\", as in tokenizer.json", found: "\"<other>\"")
      ),
      ("{\"bos_token\": null, \"bos_token\": null}", "the field bos_token", .duplicate),
    ] as [(String, String, FileError.Problem)])
  func `a configuration that is wrong is refused`(
    configuration: String, part: String, problem: FileError.Problem
  ) throws {
    #expect(throws: FileError("folder/tokenizer_config.json", part, problem)) {
      try Tokenizer(
        contentsOfTokenizerJSON: TokenizerFixture.contents("tiny-llama", "tokenizer.json"),
        configuration: Data(configuration.utf8), path: "folder/tokenizer.json")
    }
  }

  /// Files of a few bytes that would ask for much memory or stack.
  @Test func `a file cannot ask for more than it holds`() throws {
    func fails(_ change: @escaping (inout [String: Any]) -> Void, _ part: String) {
      let error = #expect(throws: FileError.self) {
        try TokenizerFixture.tokenizer("tiny-llama") { root in change(&root) }
      }
      #expect(error?.description.contains(part) == true, "\(error as Any)")
    }
    fails(
      { Self.add([Self.addedToken(4_000_000, "<far>")], to: &$0) },
      "is 4000000, but must be in 0 ..<")
    fails(
      { Self.add([Self.addedToken(1024, String(repeating: "x", count: 257))], to: &$0) },
      "is 257 bytes, but must be at most 256 bytes")
    fails(
      { root in
        let content = { (id: Int) in "<\(id)" + String(repeating: "x", count: 240) }
        Self.add((0..<5_000).map { Self.addedToken(1024 + $0, content($0)) }, to: &root)
      }, "must be at most 1048576 bytes")
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
