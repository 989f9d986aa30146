import Testing

@testable import Llama

struct AvailableMemoryTests {
  /// What a Linux without limits says.
  private static let machine = [
    "/proc/meminfo": "MemTotal:       16000 kB\nMemFree:  1000 kB\nMemAvailable:    8000 kB\n",
    "/proc/self/limits": """
    Limit                     Soft Limit           Hard Limit           Units
    Max cpu time              unlimited            unlimited            seconds
    Max address space         unlimited            unlimited            bytes
    """,
    "/proc/self/status": "Name:\tlookahead\nVmPeak:\t    900 kB\nVmSize:\t     500 kB\n",
    "/proc/self/cgroup": "0::/\n",
  ]

  private func least(_ files: [String: String]) -> AvailableMemory? {
    AvailableMemory.least { files[$0] }
  }

  private func least(with files: [String: String]) -> AvailableMemory? {
    least(Self.machine.merging(files) { $1 })
  }

  @Test func `without limits it is what the machine has left`() {
    #expect(least(Self.machine) == AvailableMemory(bytes: 8_192_000, limit: .machine))
  }

  @Test func `a limit on addresses counts what is mapped already`() {
    let limits = "Max address space         1000000              unlimited            bytes\n"
    #expect(
      least(with: ["/proc/self/limits": limits])
        == AvailableMemory(bytes: 1_000_000 - 500 * 1_024, limit: .addressSpace))
    let passed = "Max address space         1000                 unlimited            bytes\n"
    #expect(least(with: ["/proc/self/limits": passed])?.bytes == 0)
  }

  @Test func `the tightest control group counts, less the files in its memory`() {
    let files = [
      "/proc/self/cgroup": "0::/system.slice/app.service\n",
      "/sys/fs/cgroup/system.slice/memory.max": "3000000\n",
      "/sys/fs/cgroup/system.slice/memory.current": "2500000\n",
      "/sys/fs/cgroup/system.slice/memory.stat":
        "anon 700000\ninactive_file 1000000\nactive_file 500000\n",
      "/sys/fs/cgroup/system.slice/app.service/memory.max": "max\n",
      "/sys/fs/cgroup/system.slice/app.service/memory.current": "2000000\n",
    ]
    #expect(
      least(with: files) == AvailableMemory(bytes: 2_000_000, limit: .controlGroup))
  }

  @Test func `the first version of control groups is read too`() {
    let files = [
      "/proc/self/cgroup": "5:cpu,cpuacct:/docker/1\n4:memory:/docker/1\n0::/docker/1\n",
      "/sys/fs/cgroup/memory/memory.limit_in_bytes": "4000000\n",
      "/sys/fs/cgroup/memory/memory.usage_in_bytes": "1000000\n",
    ]
    #expect(
      least(with: files) == AvailableMemory(bytes: 3_000_000, limit: .controlGroup))
    let unlimited = files.merging([
      "/sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n"
    ]) { $1 }
    #expect(least(with: unlimited)?.limit == .machine)
  }

  @Test(arguments: [
    "", "MemAvailable", "MemAvailable: x kB", "MemAvailable: 1", "MemAvailable: 1 MB",
    "MemAvailable: 99999999999999999 kB", "MemAvailable: 9223372036854775807 kB",
  ])
  func `what cannot be read is no limit`(text: String) {
    #expect(least(["/proc/meminfo": text, "/proc/self/cgroup": "nonsense\n0:\n::\n"]) == nil)
  }

  @Test func `this machine has some`() throws {
    #expect(try #require(AvailableMemory.now()).bytes > 0)
  }
}
