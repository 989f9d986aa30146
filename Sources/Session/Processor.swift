import Foundation

/// The CPU of this machine.
public enum Processor {
  /// The name that the CPU gives itself; nothing where the system does not tell.
  public static let name: String? = {
    #if os(macOS)
      let key = "machdep.cpu.brand_string"
      var size = 0
      guard sysctlbyname(key, nil, &size, nil, 0) == 0 else { return nil }
      var name = [UInt8](repeating: 0, count: size)
      guard sysctlbyname(key, &name, &size, nil, 0) == 0 else { return nil }
      return String(validating: name.prefix { $0 != 0 }, as: UTF8.self)
    #else
      return FileManager.default.contents(atPath: "/proc/cpuinfo")
        .flatMap { String(validating: $0, as: UTF8.self) }.flatMap(name(inCPUInfo:))
    #endif
  }()

  /// From lines such as `model name : AMD EPYC`.
  static func name(inCPUInfo text: String) -> String? {
    guard let line = text.split(separator: "\n").first(where: { $0.hasPrefix("model name") }),
      let colon = line.firstIndex(of: ":")
    else { return nil }
    let name = line[line.index(after: colon)...].trimmingPrefix { $0 == " " }
    return name.isEmpty ? nil : String(name)
  }

  /// Fast cores that this process may use; all cores where the system does not tell them apart.
  public static var fastCores: Int {
    let online = max(1, ProcessInfo.processInfo.activeProcessorCount)
    #if os(macOS)
      var fast: Int32 = 0
      var size = MemoryLayout<Int32>.size
      if sysctlbyname("hw.perflevel0.logicalcpu", &fast, &size, nil, 0) == 0, fast > 0 {
        return min(Int(fast), online)
      }
    #endif
    return online
  }
}
