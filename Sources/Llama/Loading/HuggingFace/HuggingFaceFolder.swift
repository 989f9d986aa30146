import Files
import Foundation

/// A folder in the layout of the Hugging Face Hub.
struct HuggingFaceFolder {
  let path: String

  /// The most bytes of a tokenizer.json; that of the largest vocabularies has 34 MB.
  private static let tokenizerLimit = 1 << 26
  /// The most bytes of any other file that is read as a whole.
  private static let configurationLimit = 1 << 24

  func checkpoint() throws -> Checkpoint {
    guard let config = try json("config.json") else {
      throw ModelPlace.notAModel("the folder", path)
    }
    var configuration = try LlamaConfiguration(
      huggingFace: config, generation: try json("generation_config.json"))
    let weights = try SafetensorsWeights(folder: self)
    if configuration.tiesEmbeddings {
      configuration.tiesEmbeddings = !weights.hasOwnOutputHead(configuration)
    }
    let (tensors, unread) = try weights.storedTensors(configuration)
    let text = try textFiles()
    return Checkpoint(
      path: path, format: .huggingFace, configuration: configuration,
      tensors: tensors, files: weights.files.map(\.file), unreadTensors: unread,
      tokenizerSource: text.tokenizerSource, chatTemplateSource: text.chatTemplateSource)
  }

  func textFiles() throws -> TextFiles {
    let configuration = try bytes("tokenizer_config.json")
    return TextFiles(
      path: path, tokenizerSource: try tokenizerSource(configuration: configuration),
      chatTemplateSource: try chatTemplate(configuration: configuration))
  }

  private func tokenizerSource(configuration: [UInt8]?) throws -> TokenizerSource {
    guard let json = try bytes("tokenizer.json", limit: Self.tokenizerLimit) else {
      return .absent(path: path, expected: "tokenizer.json")
    }
    return .tokenizerJSON(
      Data(json), configuration: configuration.map { Data($0) },
      addedTokens: try bytes("added_tokens.json").map { Data($0) }, path: file("tokenizer.json"))
  }

  /// The template in `chat_template.jinja`, which overrides that in `tokenizer_config.json`.
  private func chatTemplate(configuration: [UInt8]?) throws -> String? {
    let name = "chat_template.jinja"
    if let bytes = try bytes(name) {
      guard let text = String(validating: bytes, as: UTF8.self) else {
        throw FileError(file(name), nil, .malformed(reason: "is not valid UTF-8"))
      }
      return text
    }
    guard let configuration else { return nil }
    return try TokenizerConfiguration(
      contents: configuration, path: file("tokenizer_config.json")
    ).chatTemplateSource()
  }

  func file(_ name: String) -> String { path.hasSuffix("/") ? path + name : path + "/" + name }

  /// A file of the folder, or nil if there is none: one that is there and cannot be opened, such as a
  /// link to nothing, is an error.
  func opened(_ name: String) throws(InputFileError) -> InputFile? {
    do {
      return try InputFile(path: file(name))
    } catch {
      var status = stat()
      if unsafe lstat(file(name), &status) != 0, errno == ENOENT { return nil }
      throw error
    }
  }

  /// The contents of a file of the folder, which may not have more than `limit` bytes; nil if there is
  /// none.
  private func bytes(_ name: String, limit: Int = configurationLimit) throws -> [UInt8]? {
    guard let file = try opened(name) else { return nil }
    guard file.count <= limit else {
      throw FileError(
        file.path, nil, .invalid(expected: "at most \(limit) bytes", found: "\(file.count) bytes"))
    }
    let bytes = file.bytes(at: 0, count: file.count)
    try file.checkUnchanged()
    return bytes
  }

  func json(_ name: String) throws -> JSONNode? {
    try bytes(name).map { try JSONParser.parse($0, path: file(name)) }
  }
}
