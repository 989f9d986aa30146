import Foundation
import Llama
import Lookahead
import Tensor

/// The file in the user's cache folder that keeps what passes cost: of one model, on one CPU, with
/// one number of threads.
///
/// It is a cache: a file that is missing, damaged or of something else is measured anew and replaced.
struct StepCostCache {
  /// What the costs are of. Where any of it differs, they are others.
  struct Subject: Codable, Equatable {
    let modelPath: String
    let modelBytes: Int
    /// When the model's files last changed, in seconds.
    let modelChanged: Double
    let cpu: String
    let instructionSet: String
    let threads: Int
    let matmul: String
    /// The weights as they are in memory.
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
  let subject: Subject
  /// None where there is no cache folder.
  let path: String?

  /// The cache for a loaded model.
  init(_ opened: OpenedModel, _ model: LlamaModel, environment: [String: String]) throws {
    let checkpoint = opened.checkpoint
    let changed = checkpoint.files.compactMap { file in
      let values = try? URL(fileURLWithPath: file.path).resourceValues(
        forKeys: [.contentModificationDateKey])
      return values?.contentModificationDate?.timeIntervalSince1970
    }
    subject = Subject(
      modelPath: URL(fileURLWithPath: checkpoint.path).resolvingSymlinksInPath().path,
      modelBytes: checkpoint.files.reduce(0) { $0 + $1.count }, modelChanged: changed.max() ?? 0,
      cpu: CPUName.current ?? "", instructionSet: model.executor.instructionSet.rawValue,
      threads: model.executor.threadCount, matmul: model.path.rawValue,
      weightBytes: model.weightBytes)
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    var hash = SHA256()
    hash.update(Array(try encoder.encode(subject)))
    let name = "step-cost-\(hash.hexDigest.prefix(16)).json"
    path = ModelLocation.cacheFolder(environment).map { "\($0)/\(name)" }
  }

  /// What is kept, and otherwise why nothing is.
  func read() -> (cost: StepCost, note: String) {
    guard let path else { return (StepCost(), "no cache folder: what passes cost is not kept") }
    guard let data = FileManager.default.contents(atPath: path) else {
      return (StepCost(), "what passes cost is not known yet")
    }
    guard
      let content = try? JSONDecoder().decode(Content.self, from: data),
      content.version == Self.version, content.subject == subject,
      let cost = StepCost(level: content.level, points: content.points)
    else { return (StepCost(), "\(path) is of no use, so what passes cost is measured anew") }
    return (cost, "what passes cost is known from \(path)")
  }

  /// Replaces what is kept, the whole file at once.
  /// - Returns: why it could not be, if so: a run is none the worse for it.
  func write(_ cost: StepCost) -> String? {
    guard let path, let level = cost.level, !cost.points.isEmpty else { return nil }
    do {
      try FileManager.default.createDirectory(
        atPath: URL(fileURLWithPath: path).deletingLastPathComponent().path,
        withIntermediateDirectories: true)
      let content = Content(
        version: Self.version, subject: subject, level: level, points: cost.points)
      try JSONEncoder().encode(content).write(to: URL(fileURLWithPath: path), options: .atomic)
      return nil
    } catch {
      return "what passes cost could not be kept in \(path)"
    }
  }
}
