import Foundation
import Llama
import TestSupport

/// The smallest model a checkpoint can hold, with the tokenizer of the fixture model, which has 1,024
/// tokens.
enum MinimalTextModel {
  /// Writes the model as a Hugging Face folder.
  static func write(to folder: TemporaryFolder, vocabularySize: Int) throws {
    var configuration = MinimalCheckpoint.configuration
    configuration.vocabularySize = vocabularySize
    var config = MinimalCheckpoint.config
    config["vocab_size"] = "\(vocabularySize)"
    try MinimalCheckpoint.writeHuggingFace(
      to: folder, config: config, weights: MinimalCheckpoint.safetensors(configuration))
    for name in ["tokenizer.json", "tokenizer_config.json"] {
      try FileManager.default.copyItem(
        atPath: FixturePath.path("tiny-llama/\(name)"), toPath: folder.file(name))
    }
  }
}
