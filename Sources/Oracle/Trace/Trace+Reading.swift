import Files
import Foundation
import Llama
import Tensor

extension Trace {
  /// Reads the `trace.json` of a folder and checks that it does not contradict itself; the files with
  /// the tensors are not opened.
  /// - Throws: `InputFileError` if it cannot be opened, `TraceError` if it is not a trace.
  public init(folder: String) throws {
    let path = "\(folder)/\(Trace.fileName)"
    let file = try InputFile(path: path)
    let limit = RecordingLimits.documentBytes
    guard file.count <= limit else {
      throw TraceError.invalid(
        path: path, reason: "it has \(file.count) bytes, where no more than \(limit) are read")
    }
    let json = Data(file.bytes(at: 0, count: file.count) ?? [])
    try file.checkUnchanged()
    do {
      let version = try JSONDecoder().decode(Version.self, from: json)
      if version.format != TraceHeader.formatName {
        throw TraceError.invalid(path: path, reason: "its format is not \(TraceHeader.formatName)")
      }
      if version.schema != TraceHeader.schemaVersion {
        throw TraceError.unknownSchema(path: path, found: version.schema)
      }
      self = try JSONDecoder().decode(Trace.self, from: json)
    } catch let error as DecodingError {
      throw TraceError.invalid(path: path, reason: JSONProblem(error).reason)
    }
    for (index, pass) in passes.enumerated() {
      if let problem = pass.problem(at: index) {
        throw TraceError.invalid(path: path, reason: "pass \(index) \(problem)")
      }
    }
  }

  /// What tells whether the rest can be read.
  private struct Version: Decodable {
    let format: String
    let schema: Int
  }
}

extension TracePass {
  /// What is wrong with the pass, if anything, as words that follow its number.
  fileprivate func problem(at index: Int) -> String? {
    if self.index != index { return "has the index \(self.index)" }
    if file != TracePass.file(ofPass: index) {
      return "names another file than \(TracePass.file(ofPass: index))"
    }
    if cachedCount < 0 { return "has \(cachedCount) cached tokens" }
    let named =
      logitRows + acceptedRows + frontier.map(\.row) + selected.map(\.row)
      + candidates.flatMap(\.rows) + rows.compactMap(\.parent) + rows.flatMap(\.visible.rows)
    if let row = named.first(where: { !rows.indices.contains($0) }) {
      return "names row \(row), but has \(rows.count)"
    }
    let ranges = rows.flatMap(\.visible.cached)
    if let range = ranges.first(where: { $0.end > cachedCount }) {
      return "shows the cached keys \(range.first) to \(range.end - 1), but has \(cachedCount)"
    }
    return nil
  }
}
