import Foundation

@testable import Llama

/// `config.json`, then a zero byte and `generation_config.json`.
enum ConfigurationTarget {
  static func read(_ input: [UInt8]) throws {
    let parts = input.parts(2)
    let folder = HuggingFaceFolder(path: "model")
    let file = try folder.decode(
      HuggingFaceConfiguration.self, from: Data(parts[0]), file: "config.json")
    let generation =
      parts[1].isEmpty
      ? nil
      : try folder.decode(
        HuggingFaceGeneration.self, from: Data(parts[1]), file: "generation_config.json")
    let configuration = try LlamaConfiguration(file, generation: generation, path: "config.json")
    // None of these may overflow, whatever the sizes.
    precondition(configuration.parameterCount > 0 && configuration.float32WeightBytes > 0)
    precondition(configuration.cacheBytesPerToken * configuration.contextLength > 0)
    precondition(!WeightName.all(in: configuration).isEmpty)
  }
}
