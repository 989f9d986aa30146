import Foundation

/// Memory of this process.
public enum ResidentMemory {
  /// Bytes that are resident now and no pages of files, or nil if the system does not report it.
  public static var bytes: Int? { bytes(ofProcess: "self") }

  /// Those of another process.
  public static func bytes(ofProcess identifier: String) -> Int? {
    guard
      let status = try? String(contentsOfFile: "/proc/\(identifier)/status", encoding: .utf8),
      let line = status.split(separator: "\n").first(where: { $0.hasPrefix("RssAnon:") }),
      let kilobytes = line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap({
        Int($0)
      })
    else { return nil }
    return kilobytes * 1_024
  }
}
