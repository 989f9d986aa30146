import Foundation

/// How much memory this process can still take before the system refuses it, or ends it.
public struct AvailableMemory: Equatable, Sendable {
  /// What sets the bound.
  public enum Limit: String, Sendable {
    /// What this machine has left.
    case machine = "this machine has"
    /// A control group that the process is in: of a container, or a service.
    case controlGroup = "the process's control group leaves"
    /// The limit on the process's addresses, which `ulimit -v` sets.
    case addressSpace = "the limit on the process's addresses leaves"
  }

  /// Bytes.
  public let bytes: Int
  /// What sets the bound.
  public let limit: Limit

  /// So many bytes.
  public init(bytes: Int, limit: Limit) {
    self.bytes = bytes
    self.limit = limit
  }

  /// What is left now: on Linux the smallest of MemAvailable, what each control group around the
  /// process leaves, and what RLIMIT_AS leaves; elsewhere the machine's memory. Nothing where the
  /// system does not tell.
  public static func now() -> AvailableMemory? {
    #if os(Linux)
      least { path in
        FileManager.default.contents(atPath: path).flatMap {
          String(validating: $0, as: UTF8.self)
        }
      }
    #else
      AvailableMemory(
        bytes: Int(clamping: ProcessInfo.processInfo.physicalMemory), limit: .machine)
    #endif
  }

  /// The smallest bound that the system's files tell.
  /// - Parameter text: the contents of a file, or nothing if it cannot be read.
  static func least(in text: (_ path: String) -> String?) -> AvailableMemory? {
    let bounds: [(Int?, Limit)] =
      [(machineBytes(text), .machine), (addressBytes(text), .addressSpace)]
      + groupBytes(text).map { ($0, .controlGroup) }
    return bounds.compactMap { bytes, limit in
      bytes.map { AvailableMemory(bytes: max(0, $0), limit: limit) }
    }.min { $0.bytes < $1.bytes }
  }

  private static func machineBytes(_ text: (String) -> String?) -> Int? {
    text("/proc/meminfo").flatMap { kilobytes("MemAvailable", in: $0) }
  }

  /// The soft limit less what is mapped already.
  private static func addressBytes(_ text: (String) -> String?) -> Int? {
    guard
      let line = text("/proc/self/limits")?.split(separator: "\n").first(where: {
        $0.hasPrefix("Max address space")
      }),
      // "Max address space", soft limit, hard limit, unit.
      let limit = line.split(separator: " ").dropFirst(3).first.flatMap({ Int($0) }),
      let used = text("/proc/self/status").flatMap({ kilobytes("VmSize", in: $0) })
    else { return nil }
    return limit - used
  }

  /// What each control group from the process's own upwards leaves. Pages of files that the group
  /// has read count as used, but can be dropped.
  private static func groupBytes(_ text: (String) -> String?) -> [Int] {
    (text("/proc/self/cgroup") ?? "").split(separator: "\n").flatMap { line -> [Int] in
      // "hierarchy:controllers:path"; version 2 is hierarchy 0 and has no list of controllers.
      let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard fields.count == 3 else { return [] }
      let isSecondVersion = fields[0] == "0" && fields[1].isEmpty
      if !isSecondVersion, !fields[1].split(separator: ",").contains("memory") { return [] }
      let root = isSecondVersion ? "/sys/fs/cgroup" : "/sys/fs/cgroup/memory"
      let names =
        isSecondVersion
        ? ("memory.max", "memory.current") : ("memory.limit_in_bytes", "memory.usage_in_bytes")
      return ancestors(of: fields[2]).compactMap { group in
        let folder = root + group
        guard
          let limit = text("\(folder)/\(names.0)").flatMap(number),
          let used = text("\(folder)/\(names.1)").flatMap(number)
        else { return nil }
        let files = text("\(folder)/memory.stat").map(filePages) ?? 0
        return limit.subtractingReportingOverflow(used - min(files, used)).partialValue
      }
    }
  }

  /// A path, the one above, and so on to the root, which is empty.
  private static func ancestors(of path: Substring) -> [String] {
    let parts = path.split(separator: "/")
    return (0...parts.count).reversed().map { count in
      parts.prefix(count).map { "/" + $0 }.joined()
    }
  }

  /// Nothing for "max".
  private static func number(_ text: String) -> Int? {
    Int(text.filter { !$0.isWhitespace })
  }

  /// Bytes of cached files in a group's memory.stat.
  private static func filePages(_ text: String) -> Int {
    text.split(separator: "\n").reduce(0) { sum, line in
      let words = line.split(separator: " ")
      guard words.count == 2, ["inactive_file", "active_file"].contains(words[0]) else {
        return sum
      }
      return sum.addingReportingOverflow(Int(words[1]) ?? 0).partialValue
    }
  }

  /// Bytes from a line such as `MemAvailable:   1234 kB`, in units of 1,024 bytes.
  private static func kilobytes(_ name: String, in text: String) -> Int? {
    let line = text.split(separator: "\n").first { $0.hasPrefix(name + ":") }
    guard let words = line?.dropFirst(name.count + 1).split(whereSeparator: \.isWhitespace),
      words.count == 2, words[1] == "kB", let count = Int(words[0])
    else { return nil }
    let (bytes, overflow) = count.multipliedReportingOverflow(by: 1_024)
    return overflow ? nil : bytes
  }
}
