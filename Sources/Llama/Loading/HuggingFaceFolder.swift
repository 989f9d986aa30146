import Foundation
import Tensor

/// A folder in the layout of the Hugging Face Hub.
struct HuggingFaceFolder {
  /// The folder.
  let path: String

  /// The checkpoint that this folder is.
  func checkpoint() throws -> Checkpoint {
    guard let config = try data("config.json") else { throw CheckpointError.notAModel(path: path) }
    let configuration = try LlamaConfiguration(
      try decode(HuggingFaceConfiguration.self, from: config, file: "config.json"),
      generation: try decode(HuggingFaceGeneration.self, ifPresent: "generation_config.json"),
      path: file("config.json"))
    let weights = try SafetensorsWeights(folder: self)
    let tokenizerConfiguration = try data("tokenizer_config.json")
    return Checkpoint(
      path: path, format: .huggingFace, configuration: configuration,
      tensors: try weights.storedTensors(configuration), files: weights.files.map(\.file),
      tokenizerSource: try tokenizerSource(configuration: tokenizerConfiguration),
      chatTemplateSource: try chatTemplate(configuration: tokenizerConfiguration))
  }

  private func tokenizerSource(configuration: Data?) throws -> TokenizerSource {
    guard let json = try data("tokenizer.json") else {
      return .absent(path: path, expected: "tokenizer.json")
    }
    return .tokenizerJSON(json, configuration: configuration, path: file("tokenizer.json"))
  }

  /// The template in `chat_template.jinja`, which overrides that in `tokenizer_config.json`.
  private func chatTemplate(configuration: Data?) throws -> String? {
    let name = "chat_template.jinja"
    if let source = try opened(name) {
      let text = source.text(at: 0, count: source.count)
      try source.checkUnchanged()
      guard let text else { throw CheckpointError.notText(path: source.path) }
      return text
    }
    guard let configuration else { return nil }
    let fields = try decode(
      HuggingFaceChatTemplate.self, from: configuration, file: "tokenizer_config.json")
    return fields.template
  }
}

// MARK: - Files

extension HuggingFaceFolder {
  /// The path of a file of the folder.
  func file(_ name: String) -> String { path.hasSuffix("/") ? path + name : path + "/" + name }

  /// A file of the folder, or nil if there is none.
  func opened(_ name: String) throws -> InputFile? {
    guard FileManager.default.fileExists(atPath: file(name)) else { return nil }
    return try InputFile(path: file(name))
  }

  /// The contents of a file of the folder, or nil if there is none.
  func data(_ name: String) throws -> Data? {
    guard let opened = try opened(name) else { return nil }
    let data = opened.bytes(at: 0, count: opened.count).map { Data($0) }
    try opened.checkUnchanged()
    return data
  }

  /// A JSON file's contents as a value, or nil if there is no such file.
  func decode<Value: Decodable>(_ type: Value.Type, ifPresent name: String) throws -> Value? {
    try data(name).map { try decode(type, from: $0, file: name) }
  }

  /// JSON as a value.
  func decode<Value: Decodable>(
    _ type: Value.Type, from json: Data, file name: String
  ) throws(ConfigurationError) -> Value {
    do {
      return try JSONDecoder().decode(type, from: json)
    } catch {
      let problem = JSONProblem(error)
      switch problem.kind {
      case .notJSON: throw .notJSON(path: file(name), reason: problem.reason)
      case .missingKey: throw .missingKey(path: file(name), key: problem.key)
      case .wrongType(let expected, let found):
        let key = problem.key.isEmpty ? "(top level)" : problem.key
        throw .wrongType(path: file(name), key: key, expected: expected, found: found)
      }
    }
  }
}
