import Files
import Foundation
import Llama

/// The names of the files in the folder of a sweep: the plan, and `rows-T` with an ending that tells the
/// kind, for what an engine computed in passes of T rows.
enum SweepFile {
  static let endings = ["npy", "safetensors", "json"]

  static func stem(rows: Int) -> String { "rows-\(rows)" }

  /// The number of rows in a name such as `rows-4.npy`; nil for other names.
  static func rows(_ name: String) -> Int? {
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 2, endings.contains(String(parts[1])), parts[0].hasPrefix("rows-"),
      let rows = Int(parts[0].dropFirst(5)), stem(rows: rows) == parts[0]
    else { return nil }
    return rows
  }

  /// Whether a sweep's folder may have a file of this name.
  static func isPart(_ name: String) -> Bool { name == SweepPlan.fileName || rows(name) != nil }

  /// What an engine wrote, by number of rows.
  /// - Throws: `SweepError` for names that begin as such files do and are none of this plan, or for
  ///   two files of one number; `InputFileError` if the folder cannot be read.
  static func find(in folder: String, for plan: SweepPlan) throws -> [Int: String] {
    let names: [String]
    do {
      names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    } catch {
      throw InputFileError.cannotOpen(path: folder, reason: "it is no folder that can be listed")
    }
    let known = plan.sweeps.map(\.rows)
    var found: [Int: [String]] = [:]
    for name in names where name.hasPrefix("rows-") {
      guard let rows = rows(name), known.contains(rows) else {
        throw SweepError.unknownFile(
          path: path(name, in: folder), expected: known.map(stem))
      }
      found[rows, default: []].append(name)
    }
    if let (rows, names) = found.filter({ $0.value.count > 1 }).min(by: { $0.key < $1.key }) {
      throw SweepError.severalFiles(rows: rows, names: names)
    }
    return found.compactMapValues { names in names.first.map { path($0, in: folder) } }
  }

  static func path(_ name: String, in folder: String) -> String {
    folder + (folder.hasSuffix("/") ? "" : "/") + name
  }
}

extension SweepPlan {
  /// Writes the plan into a new folder, which appears when it is whole.
  /// - Parameter replacing: whether the folder of another sweep, with all in it, may be replaced.
  /// - Returns: bytes of the file.
  /// - Throws: `SweepError.exists`, `.notASweep`, `.foreignFile`; `OutputFileError`.
  @discardableResult
  public func write(to path: String, replacing: Bool = false) throws -> Int {
    let folder = try TraceFolder(path, of: .sweep, replacing: replacing)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let file = try OutputFile(creating: "\(folder.partialPath)/\(Self.fileName)")
    try file.write(Array(try encoder.encode(self)) + Array("\n".utf8))
    try file.close()
    try folder.place()
    return file.count
  }

  /// Reads the plan of a folder.
  /// - Throws: `InputFileError` if it cannot be opened; `FileError` if it is none, or has other passes
  ///   than its tokens make.
  public init(folder: String) throws {
    let file = try InputFile(path: SweepFile.path(Self.fileName, in: folder))
    if file.count > SweepLimit.documentBytes {
      throw FileError(
        file.path, "the number of bytes",
        .tooLarge(found: UInt64(file.count), limit: UInt64(SweepLimit.documentBytes)))
    }
    let (document, bytes) = try Recording.json(file)
    let format = try document.required("format")
    guard try format.string() == Self.formatName else {
      throw format.wrongType("\"\(Self.formatName)\"")
    }
    let schema = try document.required("schema")
    guard try schema.integer() == Self.schemaVersion else {
      throw schema.wrongType("\(Self.schemaVersion), the version that is read")
    }
    try document.checkKeys()
    let plan = try TraceDocument.decode(SweepPlan.self, from: Data(bytes), path: file.path)
    try plan.check(file.path)
    self = plan
  }

  /// Checks that the plan is one that this program makes.
  private func check(_ path: String) throws(FileError) {
    let vocabulary = model.configuration.vocabularySize
    try RecordingLimit.columns.check(vocabulary, "tokens in the vocabulary", path: path)
    try RecordingLimit.passRows.check(prefix.count, "tokens of the prefix", path: path)
    guard !prefix.isEmpty else {
      throw FileError(path, "the field prefix", .malformed(reason: "has no tokens"))
    }
    for (name, tokens) in [("prefix", prefix), ("continuation", continuation)] {
      guard let index = tokens.firstIndex(where: { $0 < 0 || $0 >= vocabulary }) else { continue }
      throw FileError(
        path, "the field \(name)[\(index)]",
        .invalid(expected: "a token below \(vocabulary)", found: "\(tokens[index])"))
    }
    let expected: SweepPlan
    do throws(SweepError) {
      expected = try SweepPlan(
        producer: producer, model: model, prefix: prefix, continuation: continuation,
        rows: sweeps.map(\.rows))
    } catch {
      let reason = "\(error)".dropLast()
      throw FileError(path, "the plan", .malformed(reason: "cannot be used: \(reason)"))
    }
    guard expected.sweeps.count == sweeps.count else {
      throw FileError(
        path, "the field sweeps",
        .malformed(reason: "lacks passes of one row, or has a number of rows twice"))
    }
    for (index, (found, right)) in zip(sweeps, expected.sweeps).enumerated() where found != right {
      throw FileError(
        path, "the field sweeps[\(index)]",
        .malformed(
          reason: "has other passes than its tokens make in passes of \(right.rows) rows; make the "
            + "sweep anew"))
    }
  }
}
