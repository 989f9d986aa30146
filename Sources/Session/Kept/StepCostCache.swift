import Files
import Foundation
import Llama
import Lookahead
import Tensor

/// The file that keeps the step costs of one model, CPU, instruction set and number of threads.
///
/// A file that is missing, damaged or about something else is replaced by new measurements, with a
/// warning if it was damaged.
public struct StepCostCache: Sendable {
  struct Subject: Codable, Equatable {
    let modelPath: String
    let modelBytes: Int
    /// The last change of the model's files, in seconds since 1970.
    let modelChanged: Double
    let cpu: String
    let instructionSet: String
    let threads: Int
    let matmul: String
    let kvCache: String
    /// Of the weights in memory.
    let weightBytes: Int
  }

  private struct Content: Codable {
    let version: Int
    let subject: Subject
    /// Milliseconds of a pass of one row.
    let level: Double
    let points: [StepCost.Point]
  }

  /// Why a file cannot be used.
  private struct Useless: Error {
    let reason: String
  }

  private static let version = 1
  /// Bytes of a file at most; this program writes some thousands.
  private static let sizeLimit = 1_000_000
  private let subject: Subject
  /// Nil where there is no folder.
  public let path: String?

  init(subject: Subject, path: String?) {
    self.subject = subject
    self.path = path
  }

  /// The kept costs, or none with the reason.
  public func read() -> (cost: StepCost, note: Note) {
    guard let path else {
      return (StepCost(), Note(text: "no cache folder: what passes cost is not kept"))
    }
    guard FileManager.default.fileExists(atPath: path) else {
      return (StepCost(), Note(text: "what passes cost is not known yet"))
    }
    let reason: String
    do {
      return (
        try cost(in: InputFile(path: path)), Note(text: "what passes cost is known from \(path)")
      )
    } catch let error as InputFileError {
      reason = String("\(error)".dropLast())
    } catch let error as Useless {
      reason = error.reason
    } catch {
      reason = "it is not what this program writes"
    }
    let words = "\(path) is of no use, so what passes cost is measured anew: \(reason)."
    return (StepCost(), Note(text: "Warning: " + words, isWarning: true))
  }

  private func cost(in file: InputFile) throws -> StepCost {
    if file.count > Self.sizeLimit { throw Useless(reason: "it has more than 1.0 MB") }
    let content = try JSONDecoder().decode(
      Content.self, from: Data(file.bytes(at: 0, count: file.count) ?? []))
    try file.checkUnchanged()
    if content.version != Self.version {
      throw Useless(reason: "it has version \(content.version), and not \(Self.version)")
    }
    if content.subject != subject { throw Useless(reason: "it is about something else") }
    guard let cost = StepCost(level: content.level, points: content.points) else {
      throw Useless(reason: "its numbers cannot be times")
    }
    return cost
  }

  /// Replaces the file, whole or not at all.
  /// - Returns: a warning if it could not be written, which affects later runs only.
  public func write(_ cost: StepCost) -> String? {
    guard let path, let level = cost.level, !cost.points.isEmpty else { return nil }
    let content = Content(
      version: Self.version, subject: subject, level: level, points: cost.points)
    do {
      let bytes = Array(try JSONEncoder().encode(content))
      let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
      // If this fails, so does the writing, with the system's reason.
      try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try OutputFile.replace(path, with: bytes)
      return nil
    } catch {
      let reason = (error as? OutputFileError)?.reason ?? "it is no number"
      return "Warning: What passes cost could not be kept in \(path): \(reason)."
    }
  }

  /// The outcome of reading the file, in one line.
  public struct Note: Equatable, Sendable {
    public let text: String
    /// Whether something is wrong, though no result depends on it.
    public private(set) var isWarning = false
  }

  /// The cache for a loaded model.
  /// - Parameter folder: such as `UserCache.folder`; nil to keep none.
  public init(_ opened: OpenedModel, _ model: LlamaModel, folder: String?) throws {
    let checkpoint = opened.checkpoint
    let subject = Subject(
      modelPath: URL(fileURLWithPath: checkpoint.path).resolvingSymlinksInPath().path,
      modelBytes: checkpoint.files.reduce(0) { $0 + $1.count },
      modelChanged: checkpoint.files.map(\.modified).max() ?? 0,
      cpu: CPUName.current ?? "", instructionSet: model.executor.instructionSet.rawValue,
      threads: model.executor.threadCount, matmul: model.path.rawValue,
      kvCache: model.cacheFormat.rawValue, weightBytes: model.weightBytes)
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    var hash = SHA256()
    hash.update(Array(try encoder.encode(subject)))
    let name = "step-cost-\(hash.hexDigest.prefix(16)).json"
    self.init(subject: subject, path: folder.map { "\($0)/\(name)" })
  }
}
