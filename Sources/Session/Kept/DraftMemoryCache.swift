import Files
import Foundation
import Llama
import Lookahead

/// The file that keeps what drafting has learnt of one model and its vocabulary.
public struct DraftMemoryCache: Sendable {
  private struct Subject: Codable {
    let model: ModelFiles
    /// Empty for a model without a tokenizer.
    let vocabulary: [UInt8]
  }

  private let subject: [UInt8]
  private let vocabularySize: Int
  private let file: KeptFile
  /// Nil where there is no folder.
  public var path: String? { file.path }

  static let fileKind = "draft-memory"

  /// - Parameter folder: such as `UserCache.folder`; nil to keep none.
  public init(_ opened: OpenedModel, folder: String?) throws {
    let subject = Subject(
      model: ModelFiles(opened.checkpoint), vocabulary: opened.tokenizer?.vocabularyDigest ?? [])
    self.subject = try subject.sha256
    vocabularySize = opened.checkpoint.configuration.vocabularySize
    file = KeptFile(
      what: "what drafting learnt", verb: "learnt", sizeLimit: DraftMemory.maximumFileSize,
      path: KeptFile.path(in: folder, kind: Self.fileKind, about: self.subject, ending: "bin"))
  }

  /// The kept memory, or an empty one with the reason.
  public func read() -> (memory: DraftMemory, note: KeptNote) {
    let (memory, note) = file.read(memory(in:))
    return (memory ?? DraftMemory(), note)
  }

  private func memory(in file: InputFile) throws -> DraftMemory {
    do {
      return try DraftMemory(file, subject: subject, vocabularySize: vocabularySize)
    } catch {
      throw KeptFile.Useless(reason: error.reason)
    }
  }

  /// Adds what was learnt since the memory was read to what the file has now, so that two programs at the
  /// same model keep both.
  /// - Returns: a warning if it could not be written, which affects later runs only.
  public func write(_ memory: DraftMemory) -> String? {
    guard memory.hasChanged else { return nil }
    return file.write {
      var kept = read().memory
      kept.merge(changesOf: memory)
      return kept.bytes(subject: subject)
    }
  }

  /// Removes the file.
  /// - Returns: whether there was one.
  /// - Throws: what the file system says.
  public func forget() throws -> Bool {
    guard let path, FileManager.default.fileExists(atPath: path) else { return false }
    try FileManager.default.removeItem(atPath: path)
    return true
  }

  /// Removes the files of all models.
  /// - Returns: their paths.
  public static func forgetAll(in folder: String) throws -> [String] {
    guard FileManager.default.fileExists(atPath: folder) else { return [] }
    let names = try FileManager.default.contentsOfDirectory(atPath: folder).filter {
      $0.hasPrefix(fileKind + "-") && $0.hasSuffix(".bin")
    }
    return try names.sorted().map { name in
      let path = "\(folder)/\(name)"
      try FileManager.default.removeItem(atPath: path)
      return path
    }
  }
}
