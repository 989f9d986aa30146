import Foundation

/// What this process has taken of the machine's memory, in bytes.
struct ProcessMemory: Equatable {
  /// The most that was resident at one time since the program began: the program and its libraries,
  /// weights, caches, activations, and the pages of mapped files that were read.
  let peak: Int
  /// Of what is resident now, pages of mapped files, which the system can drop at any time. None
  /// where the system does not tell.
  let mappedFiles: Int?

  /// Nothing where the system does not tell.
  ///
  /// On Linux from `/proc/self/status`: `ru_maxrss` would count what the program that started this
  /// one had resident, too.
  static func now() -> ProcessMemory? {
    #if os(Linux)
      guard
        let status = FileManager.default.contents(atPath: "/proc/self/status"),
        let text = String(validating: status, as: UTF8.self)
      else { return nil }
      return ProcessMemory(status: text)
    #else
      var usage = rusage()
      guard getrusage(RUSAGE_SELF, &usage) == 0 else { return nil }
      return ProcessMemory(peak: usage.ru_maxrss, mappedFiles: nil)
    #endif
  }
}

extension ProcessMemory {
  /// From lines such as `VmHWM:     1234 kB`, which are in units of 1,024 bytes.
  init?(status: String) {
    func bytes(_ name: String) -> Int? {
      let line = status.split(separator: "\n").first { $0.hasPrefix(name + ":") }
      let words = line?.dropFirst(name.count + 1).split { $0 == " " || $0 == "\t" }
      guard let words, words.count == 2, words[1] == "kB", let count = Int(words[0]) else {
        return nil
      }
      return count.multipliedReportingOverflow(by: 1_024).partialValue
    }
    guard let peak = bytes("VmHWM") else { return nil }
    self.init(peak: peak, mappedFiles: bytes("RssFile"))
  }
}
