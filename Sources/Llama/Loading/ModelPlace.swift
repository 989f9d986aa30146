import Files
import Foundation

/// What a path names: a GGUF file, or a folder in the layout of Hugging Face.
enum ModelPlace {
  case gguf(InputFile)
  case folder(HuggingFaceFolder)

  /// - Throws: `InputFileError` if the path cannot be read; `FileError` if it is neither.
  init(_ path: String) throws {
    do {
      let file = try InputFile(path: path)
      guard GGUFFile.isGGUF(file) else { throw Self.notAModel("the file", path) }
      self = .gguf(file)
    } catch InputFileError.isDirectory {
      let folder = HuggingFaceFolder(path: path)
      if try folder.opened("config.json") == nil, let file = try Self.onlyGGUF(in: folder) {
        self = .gguf(file)
      } else {
        self = .folder(folder)
      }
    }
  }

  /// The GGUF file of a folder without a config.json, or the first of its parts.
  /// - Throws: `FileError` if there are several.
  private static func onlyGGUF(in folder: HuggingFaceFolder) throws -> InputFile? {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    let files = names.filter { name in
      name.hasSuffix(".gguf") && (PartName(name).map { $0.number == 1 } ?? true)
    }.sorted()
    guard files.count < 2 else {
      throw FileError(
        folder.path, "the folder",
        .malformed(
          reason: "has \(files.count) GGUF files; name one, such as "
            + OneLine.quoted(folder.file(files[0]))))
    }
    guard let name = files.first, let file = try folder.opened(name), GGUFFile.isGGUF(file) else {
      return nil
    }
    return file
  }

  static func notAModel(_ part: String, _ path: String) -> FileError {
    FileError(
      path, part,
      .malformed(
        reason: "is not a model: a GGUF file or a Hugging Face folder (config.json, tokenizer.json "
          + "and safetensors) was expected"))
  }
}
