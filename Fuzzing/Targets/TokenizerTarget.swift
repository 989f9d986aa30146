import Foundation

@testable import Llama

/// Tokenizers: their description, texts for them, and token ids for them.
enum TokenizerTarget {
  /// `tokenizer.json`, then a zero byte and `tokenizer_config.json`.
  static func readJSON(_ input: [UInt8]) throws {
    let parts = input.parts(2)
    _ = try TokenizerConfiguration(
      contents: parts[1].isEmpty ? Array("{}".utf8) : Array(parts[1]),
      path: "tokenizer_config.json"
    ).chatTemplateSource()
    try Tokenizer(
      contentsOfTokenizerJSON: Data(parts[0]),
      configuration: parts[1].isEmpty ? nil : Data(parts[1]), path: "tokenizer.json"
    ).tryOut()
  }

  /// A tokenizer of the fixtures by number, options, and any bytes for a text.
  static func encode(_ input: [UInt8]) throws {
    guard let choice = input.first else { return }
    let tokenizer = tokenizer(choice)
    let text = String(decoding: input.dropFirst(), as: UTF8.self)
    let ids = tokenizer.encode(
      text, addSpecialTokens: false, parseSpecialTokens: choice & 0x40 != 0)
    precondition(ids.allSatisfy { 0..<tokenizer.vocabularySize ~= $0 })
    let decoded = tokenizer.decode(ids, skipSpecialTokens: false)
    // SentencePiece takes a first space, and what looks like its own marks, for its own.
    if tokenizer.kind == .byteLevel { precondition(decoded.utf8.elementsEqual(text.utf8)) }
  }

  private static func tokenizer(_ choice: UInt8) -> Tokenizer {
    Fixtures.tokenizers[Int(choice & 0x3F) % Fixtures.tokenizers.count]
  }

  /// A tokenizer of the fixtures by number, then token ids of two bytes, some beyond the vocabulary.
  static func stream(_ input: [UInt8]) throws {
    guard let choice = input.first else { return }
    let tokenizer = tokenizer(choice)
    let skips = choice & 0x40 != 0
    var decoder = StreamingTextDecoder(tokenizer, skipSpecialTokens: skips)
    var text = ""
    var bytes: [UInt8] = []
    for start in stride(from: 1, to: input.count - 1, by: 2) {
      let id = Int(input[start]) << 8 + Int(input[start + 1]) - 16
      let piece = decoder.append(id)
      text += piece
      if !(skips && tokenizer.isSpecial(id)) { bytes += tokenizer.bytes(of: id) ?? [] }
    }
    text += decoder.finish()
    // A character is put out once it cannot change any more, and nothing is lost on the way.
    if tokenizer.kind == .byteLevel {
      precondition(text.utf8.elementsEqual(String(decoding: bytes, as: UTF8.self).utf8))
    }
  }
}

extension Tokenizer {
  private static let text = "The fox's 1234 <s>▁<|im_end|> é漢🦊\r\n\n  aab  "

  /// Encodes and decodes a text, and reads all properties of the tokenizer.
  func tryOut() throws {
    let ids = encode(Self.text, addSpecialTokens: true, parseSpecialTokens: true)
    precondition(ids.allSatisfy { 0..<vocabularySize ~= $0 })
    _ = decode(ids, skipSpecialTokens: true)
    _ = (description, namedTokens, addsBos)
  }
}
