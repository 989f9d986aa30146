import Files
import Foundation
import Llama
import Lookahead

/// The fields of `trace.json` that are read whichever program wrote it: only `format`, `schema`,
/// `passes` and the `file` of each pass must be there; the others must be consistent.
struct TraceDocument {
  let path: String
  let passes: [TracePass]
  let prompt: [TokenID]?
  let tokens: [TokenID]?
  let finishReason: FinishReason?
  /// Blocks of the model.
  let layerCount: Int?

  private struct Fields: Decodable {
    struct Model: Decodable {
      struct Configuration: Decodable { let layerCount: Int? }
      let configuration: Configuration?
    }
    let passes: [TracePass]
    let prompt: [TokenID]?
    let tokens: [TokenID]?
    let finishReason: FinishReason?
    let model: Model?
  }

  /// Reads and checks the `trace.json` of a folder.
  /// - Throws: `InputFileError`, `FileError`.
  static func read(folder: String) throws -> (document: TraceDocument, json: Data) {
    let slash = folder.hasSuffix("/") ? "" : "/"
    let (document, bytes) = try Recording.json(InputFile(path: folder + slash + Trace.fileName))
    try checkStructure(document)
    let json = Data(bytes)
    let read = try TraceDocument(
      decode(Fields.self, from: json, path: document.path), path: document.path)
    try read.check()
    return (read, json)
  }

  private init(_ fields: Fields, path: String) {
    self.path = path
    (passes, prompt, tokens) = (fields.passes, fields.prompt, fields.tokens)
    (finishReason, layerCount) = (fields.finishReason, fields.model?.configuration?.layerCount)
  }

  /// Decodes JSON whose grammar has been checked.
  static func decode<Value: Decodable>(
    _ type: Value.Type, from json: Data, path: String
  ) throws(FileError) -> Value {
    do {
      return try JSONDecoder().decode(type, from: json)
    } catch DecodingError.dataCorrupted(let context) {
      var field = ""
      for key in context.codingPath {
        field += key.intValue.map { "[\($0)]" } ?? (field.isEmpty ? "" : ".") + key.stringValue
      }
      throw field.isEmpty
        ? FileError(path, "a number", .malformed(reason: "is no whole number, or too large"))
        : FileError(
          path, "the field \(field)",
          .malformed(reason: "has a value that the format does not have"))
    } catch {
      let reason = JSONProblem(error).reason
      throw FileError(path, "the trace", .malformed(reason: "is not valid: \(reason)"))
    }
  }

  // MARK: - Checks

  /// Checks what decoding would not notice, or only after it has allocated memory for it.
  private static func checkStructure(_ document: JSONNode) throws(FileError) {
    let format = try document.required("format")
    guard try format.string() == TraceHeader.formatName else {
      throw format.wrongType("\"\(TraceHeader.formatName)\"")
    }
    let schema = try document.required("schema")
    guard try schema.integer() == TraceHeader.schemaVersion else {
      throw schema.wrongType("\(TraceHeader.schemaVersion), the version that is read")
    }
    let passes = try document.required("passes").elements()
    try RecordingLimits.check(
      passes.count, "passes", upTo: RecordingLimits.passes, path: document.path)
    var rowCount = 0
    for pass in passes {
      rowCount += try pass.optional("rows")?.elements().count ?? 0
      try RecordingLimits.check(
        rowCount, "rows in all passes", upTo: RecordingLimits.passRows, path: document.path)
    }
    try document.checkKeys()
  }

  private func check() throws(FileError) {
    let layers = 1...LlamaConfiguration.layerLimit
    if let layerCount, !layers.contains(layerCount) {
      throw FileError(
        path, "the field model.configuration.layerCount",
        .invalid(expected: "\(layers.lowerBound) to \(layers.upperBound)", found: "\(layerCount)"))
    }
    var owners: [String: Int] = [:]
    for (index, pass) in passes.enumerated() {
      var problem = pass.problem(at: index)
      // One large file that all passes name would be much work for a short text.
      if let owner = owners.updateValue(index, forKey: pass.file ?? "") {
        problem = problem ?? "names the same file as pass \(owner)"
      }
      if let problem { throw FileError(path, "pass \(index)", .malformed(reason: problem)) }
    }
  }
}

extension TracePass {
  /// What is inconsistent in the pass, as words that follow its number.
  fileprivate func problem(at place: Int) -> String? {
    guard let file else { return "lacks the field file" }
    // A trace from elsewhere must not make this program open other files than its own, nor put
    // anything into its messages.
    if file.isEmpty || file.contains("/") || file.contains("\0") || file == "." || file == ".." {
      return "names the file \(file.shown) outside its folder"
    }
    if file.shown != file { return "names the file \(file.shown), which cannot be displayed" }
    if let index, index != place { return "has the index \(index)" }
    if let cachedCount, cachedCount < 0 { return "has \(cachedCount) cached tokens" }
    if let logitRows, Set(logitRows).count < logitRows.count {
      return "names a row twice in logitRows"
    }
    guard let rows else { return nil }
    let named: [(field: String, rows: [Int]?)] = [
      ("logitRows", logitRows), ("acceptedRows", acceptedRows),
      ("frontier", frontier?.map(\.row)), ("selected", selected?.map(\.row)),
      ("candidates", candidates?.flatMap { $0.rows ?? [] }),
      ("the parents of rows", rows.compactMap(\.parent)),
      ("the visible rows", rows.flatMap { $0.visible?.rows ?? [] }),
    ]
    for (field, list) in named {
      if let row = list?.first(where: { !rows.indices.contains($0) }) {
        return "names row \(row) of \(rows.count) rows in \(field)"
      }
    }
    let end = rows.flatMap { $0.visible?.cached ?? [] }.map(\.upperBound).max()
    if let end, let cachedCount, end > cachedCount {
      return "has a row that attends to key \(end - 1) of a cache of \(cachedCount)"
    }
    return nil
  }
}

extension JSONNode {
  /// Refuses an object that has a key twice: which of its values is meant?
  fileprivate func checkKeys() throws(FileError) {
    switch value {
    case .object(let members):
      var keys: Set<[UInt8]> = []
      for member in members {
        let node = child(String(decoding: member.key, as: UTF8.self).shown, member.value)
        guard keys.insert(member.key).inserted else { throw node.error(.duplicate) }
        try node.checkKeys()
      }
    case .array: for element in try elements() { try element.checkKeys() }
    case .null, .bool, .integer, .number, .string: break
    }
  }
}
