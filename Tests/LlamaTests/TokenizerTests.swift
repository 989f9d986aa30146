import Llama
import TestSupport
import Testing

struct TokenizerTests {
  @Test("Ids and texts are those of Hugging Face tokenizers", arguments: TokenizerFixture.folders)
  func goldens(folder: String) throws {
    try TokenizerGolden.expectAgreement(TokenizerFixture.tokenizer(folder), with: folder)
  }

  @Test(arguments: [("sentencepiece", "tiny-sentencepiece"), ("llama3", "tiny-llama3")])
  func `a GGUF file's tokenizer gives the same ids`(file: String, folder: String) throws {
    let checkpoint = try Checkpoint.open(FixturePath.path("gguf/\(file).gguf"))
    guard case .gguf(let metadata) = checkpoint.tokenizerSource else {
      Issue.record("\(file).gguf has no tokenizer")
      return
    }
    try TokenizerGolden.expectAgreement(Tokenizer(gguf: metadata), with: folder)
  }

  @Test func `a description tells kind, size, merges and special tokens`() throws {
    #expect(
      "\(try TokenizerFixture.tokenizer("tiny-llama"))"
        == "byte-level BPE, 1024 tokens, 765 merges, 3 special tokens")
    #expect(try TokenizerFixture.tokenizer("tiny-sentencepiece").kind == .sentencePiece)
  }

  @Test func `tokens can be looked up by spelling and by id`() throws {
    let tokenizer = try TokenizerFixture.tokenizer("tiny-llama3")
    let id = try #require(tokenizer.id(of: "<|eot_id|>"))
    #expect(tokenizer.spelling(of: id) == "<|eot_id|>")
    #expect(tokenizer.isSpecial(id))
    let word = try #require(tokenizer.id(of: "Ġeverything"))
    #expect(tokenizer.text(of: word) == " everything")
    #expect(tokenizer.bytes(of: word) == Array(" everything".utf8))
    #expect(!tokenizer.isSpecial(word))
    for absent in [-1, tokenizer.vocabularySize, .max, .min] {
      #expect(tokenizer.bytes(of: absent) == nil)
      #expect(tokenizer.spelling(of: absent) == nil)
      #expect(!tokenizer.isSpecial(absent))
      #expect(tokenizer.decode([absent], skipSpecialTokens: false).isEmpty)
    }
    #expect(tokenizer.id(of: "no such token") == nil)
  }

  @Test func `the beginning of a text is added only if asked for`() throws {
    let tokenizer = try TokenizerFixture.tokenizer("tiny-sentencepiece")
    #expect(tokenizer.addsBos)
    let plain = tokenizer.encode("fox", addSpecialTokens: false, parseSpecialTokens: true)
    let framed = tokenizer.encode("fox", addSpecialTokens: true, parseSpecialTokens: true)
    #expect(framed == [try #require(tokenizer.bosTokenID)] + plain)
    #expect(tokenizer.encode("", addSpecialTokens: false, parseSpecialTokens: true).isEmpty)
    #expect(try !TokenizerFixture.tokenizer("tiny-llama").addsBos)
  }

  @Test(arguments: TokenizerFixture.folders)
  func `unparsed, the spelling of a special token is text`(folder: String) throws {
    let tokenizer = try TokenizerFixture.tokenizer(folder)
    for id in 0..<tokenizer.vocabularySize where tokenizer.isSpecial(id) {
      let text = "a " + (tokenizer.spelling(of: id) ?? "") + " b"
      let parsed = tokenizer.encode(text, addSpecialTokens: false, parseSpecialTokens: true)
      #expect(parsed.contains(id))
      let unparsed = tokenizer.encode(text, addSpecialTokens: false, parseSpecialTokens: false)
      #expect(!unparsed.contains(where: tokenizer.isSpecial))
      #expect(tokenizer.decode(unparsed, skipSpecialTokens: true) == text)
    }
  }
}
