import Files
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
    guard let json = try data("tokenizer.json", limit: Self.tokenizerLimit) else {
      return .absent(path: path, expected: "tokenizer.json")
    }
    return .tokenizerJSON(json, configuration: configuration, path: file("tokenizer.json"))
  }

  /// The template in `chat_template.jinja`, which overrides that in `tokenizer_config.json`.
  private func chatTemplate(configuration: Data?) throws -> String? {
    let name = "chat_template.jinja"
    if let source = try opened(name, upTo: Self.configurationLimit) {
      let text = source.text(at: 0, count: source.count)
      try source.checkUnchanged()
      guard let text else { throw CheckpointError.notText(path: source.path) }
      return text
    }
    guard let configuration else { return nil }
    return try TokenizerConfiguration(
      contents: Array(configuration), path: file("tokenizer_config.json")
    ).chatTemplateSource()
  }
}

// MARK: - Files

extension HuggingFaceFolder {
  /// The path of a file of the folder.
  func file(_ name: String) -> String { path.hasSuffix("/") ? path + name : path + "/" + name }

  /// The most bytes of a tokenizer.json; that of the largest vocabularies has 34 MB.
  private static let tokenizerLimit = 1 << 26
  /// The most bytes of any other file that is read as a whole.
  private static let configurationLimit = 1 << 24

  /// A file of the folder, or nil if there is none: one that is there and cannot be opened, such as a
  /// link to nothing, is an error.
  func opened(_ name: String) throws(InputFileError) -> InputFile? {
    do {
      return try InputFile(path: file(name))
    } catch {
      if FileManager.default.isAbsent(file(name)) { return nil }
      throw error
    }
  }

  /// A file that is to be read as a whole, and so may not have more than `limit` bytes; nil if there is
  /// none.
  private func opened(_ name: String, upTo limit: Int) throws -> InputFile? {
    let file = try opened(name)
    if let file, file.count > limit {
      throw CheckpointError.fileTooLarge(path: file.path, size: file.count, limit: limit)
    }
    return file
  }

  /// The contents of a file of the folder, or nil if there is none.
  func data(_ name: String, limit: Int = HuggingFaceFolder.configurationLimit) throws -> Data? {
    guard let opened = try opened(name, upTo: limit) else { return nil }
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

extension FileManager {
  /// Whether nothing is there under this name, not even a link to nothing or what must not be looked at.
  fileprivate func isAbsent(_ path: String) -> Bool {
    do {
      _ = try attributesOfItem(atPath: path)
      return false
    } catch CocoaError.fileReadNoSuchFile, CocoaError.fileNoSuchFile {
      return true
    } catch {
      return false
    }
  }
}
