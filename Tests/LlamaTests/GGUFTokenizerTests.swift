import TestSupport
import Testing

@testable import Llama

struct GGUFTokenizerTests {
  private static let byteLevel = GGUFTokenizerMetadata(
    path: "m.gguf", model: "gpt2", pre: "gpt-2",
    tokens: ["<|end|>", "a", "b", "Ġ", "ab", "Ġa", "<x>"],
    scores: nil, tokenTypes: [3, 1, 1, 1, 1, 1, 4], merges: ["a b", "Ġ a"], bosTokenID: 0,
    eosTokenID: 0, unknownTokenID: nil, addBos: nil, addSpacePrefix: nil)

  private static let scored = GGUFTokenizerMetadata(
    path: "m.gguf", model: "llama", pre: "default",
    tokens: ["<unk>", "<s>", "</s>", "<0x41>", "▁", "a", "b", "ab", "ba", "▁a", "<x>", "[PAD]"],
    scores: [0, 0, 0, 0, -9, -9, -9, -2, -2, -3, 0, 0],
    tokenTypes: [2, 3, 3, 6, 1, 1, 1, 1, 1, 1, 4, 5], merges: nil, bosTokenID: 1, eosTokenID: 2,
    endOfTurnTokenID: 2, unknownTokenID: 0, addBos: nil, addSpacePrefix: nil)

  @Test func `a byte-level tokenizer merges by its list`() throws {
    let tokenizer = try Tokenizer(gguf: Self.byteLevel)
    #expect(TokenizerFixture.tokens("ab a<|end|><x>", tokenizer) == ["ab", "Ġa", "<|end|>", "<x>"])
    #expect(tokenizer.isSpecial(0) && !tokenizer.isSpecial(6))
    #expect(!tokenizer.addsBos)
    // A character that the vocabulary cannot spell is left out, as by Hugging Face tokenizers.
    #expect(TokenizerFixture.tokens("aéb", tokenizer) == ["ab"])
  }

  @Test func `a SentencePiece tokenizer merges by score, the leftmost of equals first`() throws {
    let tokenizer = try Tokenizer(gguf: Self.scored)
    #expect(TokenizerFixture.tokens("bab", tokenizer) == ["▁", "ba", "b"])
    #expect(TokenizerFixture.tokens("aba", tokenizer) == ["▁", "ab", "a"])
    // Bytes without a token become the unknown token; padding is never found.
    #expect(
      TokenizerFixture.tokens("Aé<x>[PAD]", tokenizer, parsing: true).prefix(4) == [
        "▁", "<0x41>", "<unk>", "<x>",
      ])
    #expect(tokenizer.addsBos)
    #expect(tokenizer.eosTokenIDs == [2])
  }

  @Test func `without the space prefix, text begins as it is`() throws {
    var metadata = Self.scored
    metadata.addSpacePrefix = false
    metadata.addBos = false
    let tokenizer = try Tokenizer(gguf: metadata)
    #expect(TokenizerFixture.tokens("ab a", tokenizer) == ["ab", "▁a"])
    #expect(!tokenizer.addsBos)
    let ids = tokenizer.encode(" a", addSpecialTokens: false, parseSpecialTokens: false)
    #expect(tokenizer.decode(ids, skipSpecialTokens: true) == " a")
  }

  private typealias MetadataMistake = FileMistake<GGUFTokenizerMetadata>

  private static let mistakes: [MetadataMistake] = [
    MetadataMistake(
      "the key tokenizer.ggml.model",
      .unsupported(found: "\"bert\"", supported: "gpt2 and llama")
    ) { $0.model = "bert" },
    MetadataMistake(
      "the key tokenizer.ggml.pre",
      .unsupported(found: "\"nope\"", supported: PreTokenizer.ggufNames)
    ) { $0.pre = "nope" },
    MetadataMistake("the key tokenizer.ggml.merges", .missing) { $0.merges = nil },
    MetadataMistake("merge 0", .invalid(expected: "a pair of tokens", found: "\"ab\"")) {
      $0.merges = ["ab"]
    },
    MetadataMistake(
      "merge 0", .malformed(reason: "needs the token \"zz\", which the vocabulary lacks")
    ) { $0.merges = ["a zz"] },
    MetadataMistake("the token \"b\"", .duplicate) { $0.tokens[1] = "b" },
    MetadataMistake(
      "the length of tokenizer.ggml.token_type",
      .invalid(expected: "the number of tokens, 7", found: "1")
    ) { $0.tokenTypes = [1] },
    MetadataMistake(
      "the key tokenizer.ggml.token_type", .invalid(expected: "types in 1 ... 6", found: "7")
    ) { $0.tokenTypes = [7, 1, 1, 1, 1, 1, 1] },
    MetadataMistake(
      "the key tokenizer.ggml.bos_token_id", .invalid(expected: "in 0 ..< 7", found: "7")
    ) { $0.bosTokenID = 7 },
    MetadataMistake(
      "the key tokenizer.ggml.eos_token_id", .invalid(expected: "in 0 ..< 7", found: "-1")
    ) { $0.eosTokenID = -1 },
  ]

  private static let scoredMistakes: [MetadataMistake] = [
    MetadataMistake("the key tokenizer.ggml.scores", .missing) { $0.scores = nil },
    MetadataMistake(
      "the length of tokenizer.ggml.scores",
      .invalid(expected: "the number of tokens, 12", found: "1")
    ) { $0.scores = [1] },
    MetadataMistake(
      "the key tokenizer.ggml.scores", .invalid(expected: "numbers", found: "NaN for a token")
    ) { $0.scores?[3] = .nan },
    MetadataMistake("the key tokenizer.ggml.token_type", .missing) { $0.tokenTypes = nil },
    MetadataMistake(
      "the key tokenizer.ggml.unknown_token_id", .invalid(expected: "in 0 ..< 12", found: "99")
    ) { $0.unknownTokenID = 99 },
    MetadataMistake(
      "the longest token in tokenizer.ggml.tokens",
      .invalid(expected: "at most 1024 bytes", found: "1025 bytes")
    ) { $0.tokens[8] = String(repeating: "b", count: 1_025) },
  ]

  @Test(
    arguments: mistakes.map { ($0, byteLevel) } + scoredMistakes.map { ($0, scored) })
  private func `metadata that are wrong are refused`(
    mistake: MetadataMistake, metadata: GGUFTokenizerMetadata
  ) {
    mistake.expect(about: "m.gguf") {
      try Tokenizer(gguf: mistake.made(in: metadata))
    }
  }
}
