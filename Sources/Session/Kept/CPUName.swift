import Foundation

/// The name that the CPU of this machine gives itself.
public enum CPUName {
  /// Nothing where the system does not tell.
  public static let current: String? = {
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
}
