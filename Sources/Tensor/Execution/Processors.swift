import CKernelSupport
import Files
import Foundation

/// The processors that this process may use at the same time.
public enum Processors {
  /// The smallest of: the processors online, those of the affinity mask, and the CPU quota of the
  /// control groups, rounded down; at least 1.
  ///
  /// Threads beyond a quota, even a fraction of one, use it up before its period ends and then all
  /// stop until the next (docs/decisions/0072).
  public static let available = count(
    online: ProcessInfo.processInfo.activeProcessorCount, inMask: Int(kernel_affinity_count()),
    quota: CPUQuota.ofThisProcess())

  /// - Parameter inMask: 0 if the mask is not known.
  static func count(online: Int, inMask: Int, quota: Double?) -> Int {
    var count = online
    if inMask > 0 { count = min(count, inMask) }
    if let quota { count = Int(min(Double(count), quota)) }
    return max(count, 1)
  }

  /// `available`, but on macOS no more than the fast cores: the default number of threads.
  public static var fast: Int {
    #if os(macOS)
      var fast: Int32 = 0
      var size = MemoryLayout<Int32>.size
      if sysctlbyname("hw.perflevel0.logicalcpu", &fast, &size, nil, 0) == 0, fast > 0 {
        return min(Int(fast), available)
      }
    #endif
    return available
  }
}

/// The limit that Linux control groups set to the CPU time of a process, in processors.
struct CPUQuota {
  /// Returns the text of a file, nil if it cannot be read.
  let read: (_ path: String) -> String?

  static func ofThisProcess() -> Double? {
    CPUQuota { try? String(contentsOfFile: $0, encoding: .utf8) }.smallest
  }

  /// The smallest quota of the process's groups and of those that contain them; nil without one.
  ///
  /// A container may see its own group as the root of the file system, so every parent is tried.
  var smallest: Double? {
    ControlGroup.all(in: read("/proc/self/cgroup"), controlling: "cpu").flatMap { group in
      ControlGroup.paths(of: group.components.filter { $0 != ".." }).compactMap { path in
        group.isVersion2 ? version2(path) : version1(path, controllers: group.controllers)
      }
    }.min()
  }

  /// "max 100000" or "150000 100000": microseconds of CPU time in a period.
  private func version2(_ group: String) -> Double? {
    let mounts = ["/sys/fs/cgroup", "/sys/fs/cgroup/unified"]
    let text = mounts.lazy.compactMap { read("\($0)\(group)/cpu.max") }.first
    let numbers = (text ?? "").split(whereSeparator: \.isWhitespace)
    return numbers.count == 2 ? ratio(numbers[0], numbers[1]) : nil
  }

  private func version1(_ group: String, controllers: Substring) -> Double? {
    let folders = [String(controllers), "cpu"].map { "/sys/fs/cgroup/\($0)\(group)" }
    return folders.lazy.compactMap { folder -> Double? in
      guard let quota = read("\(folder)/cpu.cfs_quota_us"),
        let period = read("\(folder)/cpu.cfs_period_us")
      else { return nil }
      return ratio(quota, period)
    }.first
  }

  /// Nil for "max" and -1, which mean no limit, and for what is not a number.
  private func ratio(_ quota: some StringProtocol, _ period: some StringProtocol) -> Double? {
    let numbers = [String(quota), String(period)].map {
      Int($0.trimmingCharacters(in: .whitespacesAndNewlines)) ?? 0
    }
    return numbers.allSatisfy { $0 > 0 } ? Double(numbers[0]) / Double(numbers[1]) : nil
  }
}
