import Tensor

@testable import Files
@testable import Llama

/// `config.json`, then a zero byte and `generation_config.json`.
enum ConfigurationTarget {
  static func read(_ input: [UInt8]) throws {
    let parts = input.parts(2)
    let file = try JSONParser.parse(parts[0], path: "config.json")
    let generation =
      parts[1].isEmpty ? nil : try JSONParser.parse(parts[1], path: "generation_config.json")
    let configuration = try LlamaConfiguration(huggingFace: file, generation: generation)
    // None of these may overflow, whatever the sizes.
    precondition(configuration.parameterCount > 0 && configuration.float32WeightBytes > 0)
    for format in KeyValueFormat.allCases {
      precondition(configuration.cacheBytesPerToken(as: format) * configuration.contextLength > 0)
    }
    precondition(!WeightName.all(in: configuration).isEmpty)
  }
}
