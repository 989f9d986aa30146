import Llama
import TestSupport
import Testing

struct StreamingTextDecoderTests {
  @Test(arguments: TokenizerFixture.folders, [true, false])
  func `the parts join to the decoding of all`(folder: String, skip: Bool) throws {
    let tokenizer = try TokenizerFixture.tokenizer(folder)
    var random = SeededGenerator(seed: 71)
    for round in 0..<400 {
      let limit = round.isMultiple(of: 2) ? 262 : tokenizer.vocabularySize + 2
      let ids = (0..<Int.random(in: 0...16, using: &random)).map { _ in
        Int.random(in: -1..<limit, using: &random)
      }
      var decoder = StreamingTextDecoder(tokenizer, skipSpecialTokens: skip)
      let parts = ids.map { decoder.append($0) } + [decoder.finish()]
      let whole = tokenizer.decode(ids, skipSpecialTokens: skip)
      #expect(parts.flatMap(\.utf8) == Array(whole.utf8), "\(folder) \(ids)")
    }
  }

  @Test func `a character comes out whole, and with the token that completes it`() throws {
    let tokenizer = try TokenizerFixture.tokenizer("tiny-llama")
    let ids = tokenizer.encode("🦊é", addSpecialTokens: false, parseSpecialTokens: true)
    var decoder = StreamingTextDecoder(tokenizer, skipSpecialTokens: true)
    let parts = ids.map { decoder.append($0) }
    #expect(parts.filter { !$0.isEmpty } == ["🦊", "é"])
    #expect(parts.last == "é")
    #expect(decoder.finish().isEmpty)
  }

  @Test func `an unfinished character becomes one replacement character at the end`() throws {
    let tokenizer = try TokenizerFixture.tokenizer("tiny-llama")
    let ids = tokenizer.encode("🦊", addSpecialTokens: false, parseSpecialTokens: true)
    var decoder = StreamingTextDecoder(tokenizer, skipSpecialTokens: true)
    #expect(ids.dropLast().map { decoder.append($0) }.joined().isEmpty)
    #expect(decoder.finish() == "\u{FFFD}")
    #expect(decoder.finish().isEmpty)
  }

  @Test func `a run of byte tokens is text only as a whole`() throws {
    let tokenizer = try TokenizerFixture.tokenizer("tiny-sentencepiece")
    func id(_ spelling: String) throws -> TokenID { try #require(tokenizer.id(of: spelling)) }
    let fox = try ["<0xF0>", "<0x9F>", "<0xA6>", "<0x8A>"].map(id)
    let end = try id("b")
    #expect(tokenizer.decode(fox + [end], skipSpecialTokens: true) == "🦊b")
    // One byte too many spoils the run, one replacement character for each byte of it.
    #expect(
      tokenizer.decode(fox + [fox[0], end], skipSpecialTokens: true)
        == String(repeating: "\u{FFFD}", count: 5) + "b")
    var decoder = StreamingTextDecoder(tokenizer, skipSpecialTokens: true)
    #expect(fox.map { decoder.append($0) }.joined().isEmpty)
    #expect(decoder.append(end) == "🦊b")
  }

  @Test func `only the first space of a text is the encoder's own`() throws {
    let tokenizer = try TokenizerFixture.tokenizer("tiny-sentencepiece")
    let ids = tokenizer.encode("the fox", addSpecialTokens: true, parseSpecialTokens: true)
    #expect(tokenizer.decode(ids, skipSpecialTokens: true) == "the fox")
    var decoder = StreamingTextDecoder(tokenizer, skipSpecialTokens: true)
    for _ in 0..<2 {
      #expect((ids.map { decoder.append($0) } + [decoder.finish()]).joined() == "the fox")
    }
  }
}
