import Foundation
import Testing

@testable import Tensor

struct ProcessorsTests {
  private func quota(_ files: [String: String]) -> Double? { CPUQuota { files[$0] }.smallest }

  @Test func `a machine without control groups has no quota`() {
    #expect(quota([:]) == nil)
    #expect(quota(["/proc/self/cgroup": "0::/\n"]) == nil)
  }

  @Test func `the quota of the process's group of version 2 is read`() {
    let files = [
      "/proc/self/cgroup": "0::/user.slice/job\n",
      "/sys/fs/cgroup/user.slice/job/cpu.max": "250000 100000\n",
      "/sys/fs/cgroup/user.slice/cpu.max": "max 100000\n",
    ]
    #expect(quota(files) == 2.5)
  }

  @Test func `the smallest quota on the way to the root counts, the root's own too`() {
    var files = [
      "/proc/self/cgroup": "0::/a/b/c\n",
      "/sys/fs/cgroup/a/b/c/cpu.max": "max 100000\n",
      "/sys/fs/cgroup/a/b/cpu.max": "800000 100000\n",
      "/sys/fs/cgroup/a/cpu.max": "150000 50000\n",
    ]
    #expect(quota(files) == 3)
    files["/sys/fs/cgroup/cpu.max"] = "100000 100000\n"
    #expect(quota(files) == 1)
  }

  @Test func `a container that sees its group as the root has the quota of the root`() {
    let files = [
      "/proc/self/cgroup": "0::/../../system.slice/docker-1.scope\n",
      "/sys/fs/cgroup/cpu.max": "200000 100000\n",
    ]
    #expect(quota(files) == 2)
  }

  @Test(arguments: ["cpu", "cpu,cpuacct"])
  func `the quota of version 1 is that of the cpu controller`(controllers: String) {
    var files = [
      "/proc/self/cgroup": "4:memory:/other\n2:\(controllers):/docker/1\n1:name=systemd:/x\n0::/\n",
      "/sys/fs/cgroup/\(controllers)/docker/1/cpu.cfs_quota_us": "-1\n",
      "/sys/fs/cgroup/\(controllers)/docker/1/cpu.cfs_period_us": "100000\n",
    ]
    #expect(quota(files) == nil)
    files["/sys/fs/cgroup/\(controllers)/docker/cpu.cfs_quota_us"] = "350000\n"
    files["/sys/fs/cgroup/\(controllers)/docker/cpu.cfs_period_us"] = "100000\n"
    #expect(quota(files) == 3.5)
  }

  @Test(arguments: ["", "x y", "100000", "0 100000", "100000 0", "-5 100000", "1 2 3", "\u{0}"])
  func `what is not a quota is none`(text: String) {
    #expect(quota(["/proc/self/cgroup": "0::/\n", "/sys/fs/cgroup/cpu.max": text]) == nil)
    #expect(quota(["/proc/self/cgroup": text]) == nil)
  }

  @Test func `at least one processor may be used, and no more than there are`() {
    #expect(1...ProcessInfo.processInfo.activeProcessorCount ~= Processors.available)
    #expect(1...Processors.available ~= Processors.fast)
  }
}
