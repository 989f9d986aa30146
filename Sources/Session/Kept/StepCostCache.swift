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
    let model: ModelFiles
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

  private static let version = 1
  private let subject: Subject
  private let file: KeptFile
  /// Nil where there is no folder.
  public var path: String? { file.path }

  /// The kept costs, or none with the reason.
  public func read() -> (cost: StepCost, note: KeptNote) {
    let (cost, note) = file.read(cost(in:))
    return (cost ?? StepCost(), note)
  }

  private func cost(in file: InputFile) throws -> StepCost {
    let content = try JSONDecoder().decode(
      Content.self, from: Data(file.bytes(at: 0, count: file.count) ?? []))
    if content.version != Self.version {
      throw KeptFile.Useless(reason: "it has version \(content.version), and not \(Self.version)")
    }
    if content.subject != subject { throw KeptFile.Useless(reason: "it is about something else") }
    guard let cost = StepCost(level: content.level, points: content.points) else {
      throw KeptFile.Useless(reason: "its numbers cannot be times")
    }
    return cost
  }

  /// Replaces the file, whole or not at all.
  /// - Returns: a warning if it could not be written, which affects later runs only.
  public func write(_ cost: StepCost) -> String? {
    guard let level = cost.level, !cost.points.isEmpty else { return nil }
    let content = Content(
      version: Self.version, subject: subject, level: level, points: cost.points)
    return file.write { Array(try JSONEncoder().encode(content)) }
  }

  /// The cache for a loaded model.
  /// - Parameter folder: such as `UserCache.folder`; nil to keep none.
  public init(_ opened: OpenedModel, _ model: LlamaModel, folder: String?) throws {
    let subject = Subject(
      model: ModelFiles(opened.checkpoint), cpu: CPUName.current ?? "",
      instructionSet: model.executor.instructionSet.rawValue,
      threads: model.executor.threadCount, matmul: model.path.rawValue,
      kvCache: model.cacheFormat.rawValue, weightBytes: model.weightBytes)
    let path = KeptFile.path(
      in: folder, kind: "step-cost", about: try subject.sha256, ending: "json")
    self.init(subject: subject, file: KeptFile(costsIn: path))
  }

  init(subject: Subject, file: KeptFile) { (self.subject, self.file) = (subject, file) }
}

extension KeptFile {
  /// This program writes some thousands of bytes.
  init(costsIn path: String?) {
    self.init(what: "what passes cost", verb: "measured", sizeLimit: 1_000_000, path: path)
  }
}
