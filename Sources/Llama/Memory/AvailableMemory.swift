import Files
import Foundation

/// How much memory this process can still take before the system refuses it, or ends it.
public struct AvailableMemory: Equatable, Sendable {
  public enum Limit: String, Sendable {
    case machine = "this machine has"
    /// A control group that the process is in: of a container, or a service.
    case controlGroup = "the process's control group leaves"
    /// The limit on the process's addresses, which `ulimit -v` sets.
    case addressSpace = "the limit on the process's addresses leaves"
  }

  public let bytes: Int
  public let limit: Limit

  public init(bytes: Int, limit: Limit) {
    self.bytes = bytes
    self.limit = limit
  }

  /// What is left now: on Linux the smallest of MemAvailable, what each control group around the
  /// process leaves, and what RLIMIT_AS leaves; elsewhere the machine's memory. Nil where the system
  /// does not tell.
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

  /// The smallest bound that the system's files state.
  /// - Parameter text: the contents of a file, or nil if it cannot be read.
  static func least(in text: (_ path: String) -> String?) -> AvailableMemory? {
    let machine = field("MemAvailable:", in: text("/proc/meminfo"), isInKilobytes: true)
    let bounds: [(Int?, Limit)] =
      [(machine, .machine), (addressBytes(text), .addressSpace)]
      + groupBytes(text).map { ($0, .controlGroup) }
    return bounds.compactMap { bytes, limit in
      bytes.map { AvailableMemory(bytes: max(0, $0), limit: limit) }
    }.min { $0.bytes < $1.bytes }
  }

  /// The soft limit less what is mapped already.
  private static func addressBytes(_ text: (String) -> String?) -> Int? {
    guard let limit = field("Max address space", in: text("/proc/self/limits")),
      let used = field("VmSize:", in: text("/proc/self/status"), isInKilobytes: true)
    else { return nil }
    return limit - used
  }

  /// What each control group from the process's own upwards leaves. Pages of files that the group
  /// has read count as used, but can be dropped.
  private static func groupBytes(_ text: (String) -> String?) -> [Int] {
    ControlGroup.all(in: text("/proc/self/cgroup"), controlling: "memory").flatMap { group in
      let (root, limit, usage) =
        group.isVersion2
        ? ("/sys/fs/cgroup", "memory.max", "memory.current")
        : ("/sys/fs/cgroup/memory", "memory.limit_in_bytes", "memory.usage_in_bytes")
      return ControlGroup.paths(of: group.components).compactMap { path -> Int? in
        let folder = root + path
        // The limit may be "max".
        guard let limit = field("", in: text("\(folder)/\(limit)")),
          let used = field("", in: text("\(folder)/\(usage)"))
        else { return nil }
        let statistics = text("\(folder)/memory.stat")
        let files = ["inactive_file ", "active_file "].reduce(0) {
          $0.adding(max(0, field($1, in: statistics) ?? 0))
        }
        return limit.subtractingReportingOverflow(used - min(files, used)).partialValue
      }
    }
  }

  /// Bytes from the first line that begins with `name`: the number behind it, or that of units of 1,024
  /// bytes with "kB" behind it.
  private static func field(
    _ name: String, in text: String?, isInKilobytes: Bool = false
  ) -> Int? {
    let line = text?.split(separator: "\n").first { $0.hasPrefix(name) }
    let words = line?.dropFirst(name.count).split(whereSeparator: \.isWhitespace) ?? []
    guard let number = words.first.flatMap({ Int($0) }) else { return nil }
    if !isInKilobytes { return number }
    let (bytes, overflow) = number.multipliedReportingOverflow(by: 1_024)
    return overflow || words.dropFirst().first != "kB" ? nil : bytes
  }
}
