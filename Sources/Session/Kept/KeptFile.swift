import Files
import Foundation

/// A file in the user's cache folder with what earlier runs learnt. It changes the speed of later runs only,
/// so one that is missing, damaged or about something else is replaced.
struct KeptFile: Sendable {
  /// Why a file cannot be used, as part of a sentence.
  struct Useless: Error {
    let reason: String
  }

  /// What it says, such as "what passes cost".
  let what: String
  /// What happens without it, such as "measured".
  let verb: String
  let sizeLimit: Int
  /// Nil where there is no folder.
  let path: String?

  init(what: String, verb: String, sizeLimit: Int, path: String?) {
    (self.what, self.verb, self.sizeLimit, self.path) = (what, verb, sizeLimit, path)
  }

  /// The path of a file that is named by what it is about.
  /// - Parameters:
  ///   - folder: nil to keep nothing.
  ///   - subject: SHA-256 of what it is about.
  ///   - ending: after the point.
  static func path(in folder: String?, kind: String, about subject: [UInt8], ending: String)
    -> String?
  {
    let name = subject.prefix(8).map { byte in
      String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
    }
    return folder.map { "\($0)/\(kind)-\(name.joined()).\(ending)" }
  }

  /// The kept value, or nil with the reason.
  func read<Value>(_ parse: (InputFile) throws -> Value) -> (value: Value?, note: KeptNote) {
    guard let path else {
      return (nil, KeptNote(text: "no cache folder: \(what) is not kept"))
    }
    guard FileManager.default.fileExists(atPath: path) else {
      return (nil, KeptNote(text: "\(what) is not known yet"))
    }
    let reason: String
    do {
      let file = try InputFile(path: path)
      if file.count > sizeLimit {
        throw Useless(reason: "it has more than \(sizeLimit.inMegabytes)")
      }
      let value = try parse(file)
      try file.checkUnchanged()
      return (value, KeptNote(text: "\(what) is known from \(path)"))
    } catch let error as InputFileError {
      reason = String("\(error)".dropLast())
    } catch let error as Useless {
      reason = error.reason
    } catch {
      reason = "it is not what this program writes"
    }
    let words = "\(path) is of no use, so \(what) is \(verb) anew: \(reason)."
    return (nil, KeptNote(text: "Warning: " + words, isWarning: true))
  }

  /// Replaces the file, whole or not at all.
  /// - Parameter makeBytes: called while no other process writes to the folder.
  /// - Returns: a warning if it could not be written, which affects later runs only.
  func write(_ makeBytes: () throws -> [UInt8]) -> String? {
    guard let path else { return nil }
    do {
      let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
      // If this fails, so does the writing, with the system's reason.
      try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try FolderLock.holding(folder.path) { try OutputFile.replace(path, with: makeBytes()) }
      return nil
    } catch {
      let reason = (error as? OutputFileError)?.reason ?? "it is no number"
      return "Warning: \(what.capitalizedFirst) could not be kept in \(path): \(reason)."
    }
  }
}

/// The outcome of reading a kept file, in one line.
public struct KeptNote: Equatable, Sendable {
  public let text: String
  /// Whether something is wrong, though no result depends on it.
  public private(set) var isWarning = false
}

extension String {
  fileprivate var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}

extension Int {
  fileprivate var inMegabytes: String { "\(Double(self / 100_000) / 10) MB" }
}
