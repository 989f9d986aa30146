import Foundation
import Llama
import TestSupport

/// The tokenizers of the fixtures, and variations of them.
enum TokenizerFixture {
  /// The folders that hold one.
  static let folders = [
    "tiny-llama", "tiny-sentencepiece", "tiny-llama3", "tiny-bf16-shards", "tiny-f16",
  ]

  /// A fixture's file.
  static func contents(_ folder: String, _ file: String) throws -> Data {
    try Data(contentsOf: URL(fileURLWithPath: FixturePath.path("\(folder)/\(file)")))
  }

  /// A fixture's tokenizer.
  static func tokenizer(_ folder: String) throws -> Tokenizer {
    try Tokenizer(
      contentsOfTokenizerJSON: contents(folder, "tokenizer.json"),
      configuration: contents(folder, "tokenizer_config.json"), path: "\(folder)/tokenizer.json")
  }

  /// A fixture's tokenizer.json after a change to it, read as a tokenizer without configuration.
  static func tokenizer(
    _ folder: String, changing change: (inout [String: Any]) -> Void
  ) throws -> Tokenizer {
    var root = try object(contents(folder, "tokenizer.json"))
    change(&root)
    let data = try JSONSerialization.data(withJSONObject: root)
    return try Tokenizer(
      contentsOfTokenizerJSON: data, configuration: nil, path: "tokenizer.json")
  }

  /// The JSON object in `data`.
  static func object(_ data: Data) throws -> [String: Any] {
    try JSONSerialization.jsonObject(with: data) as? [String: Any] ?? [:]
  }

  /// The tokens of a text, as the vocabulary spells them.
  static func tokens(_ text: String, _ tokenizer: Tokenizer, parsing: Bool = true) -> [String] {
    tokenizer.encode(text, addSpecialTokens: false, parseSpecialTokens: parsing)
      .map { tokenizer.spelling(of: $0) ?? "?" }
  }
}
