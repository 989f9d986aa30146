import Files
import Foundation
import Llama
import Lookahead
import Tensor

/// The file in the user's cache folder that keeps what passes cost: of one model, on one CPU, with
/// one number of threads.
///
/// It is a cache: a file that is missing, damaged or of something else is measured anew and replaced,
/// with a warning if it was damaged.
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

  /// Why a file cannot be used.
  private struct Useless: Error {
    let reason: String
  }

  private static let version = 1
  /// Bytes of a file at the most; what this program writes has some thousands.
  private static let sizeLimit = 1_000_000
  let subject: Subject
  /// None where there is no cache folder.
  let path: String?

  /// What is kept, and otherwise why nothing is.
  func read() -> (cost: StepCost, note: Note) {
    guard let path else {
      return (StepCost(), .usual("no cache folder: what passes cost is not kept"))
    }
    guard FileManager.default.fileExists(atPath: path) else {
      return (StepCost(), .usual("what passes cost is not known yet"))
    }
    let reason: String
    do {
      return (try cost(in: InputFile(path: path)), .usual("what passes cost is known from \(path)"))
    } catch let error as InputFileError {
      reason = "\(error)".withoutPeriod
    } catch let error as Useless {
      reason = error.reason
    } catch {
      reason = "it is not what this program writes"
    }
    return (
      StepCost(),
      .warning("\(path) is of no use, so what passes cost is measured anew: \(reason).")
    )
  }

  private func cost(in file: InputFile) throws -> StepCost {
    guard file.count <= Self.sizeLimit else {
      throw Useless(reason: "it has more than \(Self.sizeLimit.inBytes)")
    }
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

  /// Replaces what is kept, the whole file at once.
  /// - Returns: a warning if it could not be: a run is none the worse for it.
  /// - Throws: `ExitStatus.interrupted`.
  func write(_ cost: StepCost) throws -> Note? {
    guard let path, let level = cost.level, !cost.points.isEmpty else { return nil }
    let content = Content(
      version: Self.version, subject: subject, level: level, points: cost.points)
    do {
      let bytes = Array(try JSONEncoder().encode(content))
      if let reason = Self.makeFolder(of: path) {
        return .warning("What passes cost could not be kept in \(path): \(reason).")
      }
      try Interruption.finishing { try OutputFile.replace(path, with: bytes) }
      return nil
    } catch let error as OutputFileError {
      return .warning("What passes cost could not be kept: \(error)")
    } catch is EncodingError {
      return .warning("What passes cost could not be kept in \(path): it is no number.")
    }
  }

  /// Makes the folders that a file is to be in, those that are missing, and returns the system's reason
  /// if that cannot be.
  private static func makeFolder(of path: String) -> String? {
    var folder = ""
    for name in path.split(separator: "/").dropLast() {
      folder += "/" + name
      if mkdir(folder, 0o777) == 0 { continue }
      let problem = errno
      // Where it is there already, the system may have another word for that, as on a disk that can
      // only be read.
      var status = stat()
      if stat(folder, &status) == 0, status.st_mode & S_IFMT == S_IFDIR { continue }
      return String(cString: strerror(problem == EEXIST ? ENOTDIR : problem))
    }
    return nil
  }

  /// What there is to say about the file.
  enum Note: Equatable {
    /// For those who want to know more.
    case usual(String)
    /// For everybody: something is wrong, though no result depends on it.
    case warning(String)

    /// One line.
    var text: String {
      switch self {
      case .usual(let text): text
      case .warning(let text): "Warning: \(text)"
      }
    }

    /// Whether it is shown.
    func isShown(verbose: Bool) -> Bool {
      if case .warning = self { true } else { verbose }
    }
  }
}

extension StepCostCache {
  /// The cache for a loaded model.
  init(_ opened: OpenedModel, _ model: LlamaModel, environment: [String: String]) throws {
    let checkpoint = opened.checkpoint
    subject = Subject(
      modelPath: URL(fileURLWithPath: checkpoint.path).resolvingSymlinksInPath().path,
      modelBytes: checkpoint.files.reduce(0) { $0 + $1.count },
      modelChanged: checkpoint.files.map(\.modified).max() ?? 0,
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
}
