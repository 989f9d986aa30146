import Files
import Foundation
import Llama
import Lookahead
import Tensor

/// The fields of `trace.json` that are read whichever program wrote it: only `format`, `schema`,
/// `passes` and the `file` of each pass must be there; the others must be consistent.
struct TraceDocument: Decodable {
  struct Model: Decodable {
    struct Configuration: Decodable { let layerCount: Int? }
    let configuration: Configuration?
    let format: String?
  }

  let passes: [TracePass]
  let prompt: [TokenID]?
  let tokens: [TokenID]?
  let finishReason: FinishReason?
  /// As it was written: other programs may have words of their own.
  private let arithmetic: String?
  private let model: Model?

  var layerCount: Int? { model?.configuration?.layerCount }

  /// What the numbers were computed with, in a word that is known here.
  var knownArithmetic: TraceHeader.Arithmetic? {
    arithmetic.flatMap(TraceHeader.Arithmetic.init(rawValue:))
  }

  /// Whether the model's format, such as "GGUF v3, Q4_1 + F32", names one with codes and scales.
  var hasQuantisedWeights: Bool {
    let words = model?.format?.split { !$0.isLetter && !$0.isNumber && $0 != "_" } ?? []
    return words.contains { ElementFormat(rawValue: String($0))?.isQuantised == true }
  }

  /// Reads and checks the `trace.json` of a folder.
  /// - Throws: `InputFileError`, `FileError`.
  static func read(folder: String) throws -> (document: TraceDocument, path: String, json: Data) {
    let slash = folder.hasSuffix("/") ? "" : "/"
    let path = folder + slash + Trace.fileName
    let (document, bytes) = try Recording.json(InputFile(path: path))
    try checkStructure(document)
    let json = Data(bytes)
    let read = try decode(TraceDocument.self, from: json, path: path)
    try read.check(path)
    return (read, path, json)
  }

  /// Decodes JSON whose grammar has been checked.
  static func decode<Value: Decodable>(
    _ type: Value.Type, from json: Data, path: String
  ) throws -> Value {
    do {
      return try JSONDecoder().decode(type, from: json)
    } catch let error as DecodingError {
      throw FileError(path, error)
    }
  }

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
    try RecordingLimit.passes.check(passes.count, "passes", path: document.path)
    var rowCount = 0
    for pass in passes {
      rowCount += try pass.optional("rows")?.elements().count ?? 0
      try RecordingLimit.passRows.check(rowCount, "rows in all passes", path: document.path)
    }
    try document.checkKeys()
  }

  private func check(_ path: String) throws(FileError) {
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

extension FileError {
  /// The error of a decoder about a field of JSON that is well-formed.
  fileprivate init(_ path: String, _ error: DecodingError) {
    let keys: [any CodingKey]
    let problem: Problem
    switch error {
    case .keyNotFound(let key, let context):
      (keys, problem) = (context.codingPath + [key], .missing)
    case .valueNotFound(let type, let context):
      (keys, problem) = (context.codingPath, .invalid(expected: Self.name(type), found: "null"))
    case .typeMismatch(let type, let context):
      keys = context.codingPath
      problem = .invalid(expected: Self.name(type), found: "a value of another type")
    case .dataCorrupted(let context):
      keys = context.codingPath
      problem = .malformed(
        reason: keys.isEmpty
          ? "is no whole number, or too large" : "has a value that the format does not have")
    @unknown default: (keys, problem) = ([], .malformed(reason: "\(error)"))
    }
    var field = ""
    for key in keys {
      field += key.intValue.map { "[\($0)]" } ?? (field.isEmpty ? "" : ".") + key.stringValue
    }
    self.init(path, field.isEmpty ? "a number" : "the field \(field)", problem)
  }

  private static func name(_ type: any Any.Type) -> String {
    switch type {
    case is Int.Type: "an integer"
    case is Double.Type, is Float.Type: "a number"
    case is Bool.Type: "true or false"
    case is String.Type: "a string"
    case is [Any].Type: "an array"
    default: "an object"
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
  func checkKeys() throws(FileError) {
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
