import Foundation
import Llama

/// The files of the folder `Fixtures` that targets use.
enum Fixtures {
  private static let root = URL(fileURLWithPath: #filePath)
    .appendingPathComponent("../../../Fixtures").standardized

  private static func data(_ name: String) -> Data {
    do {
      return try Data(contentsOf: root.appendingPathComponent(name))
    } catch {
      preconditionFailure("\(error)")
    }
  }

  /// One tokenizer of each kind.
  static let tokenizers = ["tiny-llama", "tiny-llama3", "tiny-sentencepiece"].map { name in
    do {
      return try Tokenizer(
        contentsOfTokenizerJSON: data("\(name)/tokenizer.json"),
        configuration: data("\(name)/tokenizer_config.json"), path: name)
    } catch {
      preconditionFailure("\(error)")
    }
  }
}
