import Llama
import TestSupport
import Testing

@testable import CommandLineTool

/// What a benchmark knows of process, machine and model.
struct ProcessMemoryTests {
  @Test func `the peak and the mapped files are read from the system's lines`() {
    let status = "Name:\tlookahead\nVmPeak:\t  99 kB\nVmHWM:\t     12 kB\nRssFile:\t 5 kB\n"
    #expect(ProcessMemory(status: status)?.peak == 12 * 1_024)
    #expect(ProcessMemory(status: status)?.mappedFiles == 5 * 1_024)
    #expect(ProcessMemory(status: "VmHWM:\t12 kB\n")?.mappedFiles == nil)
  }

  @Test(arguments: ["", "VmHWM:", "VmHWM:\t12", "VmHWM:\t12 MB", "VmHWM:\tmany kB"])
  func `lines without a peak give none`(status: String) {
    #expect(ProcessMemory(status: status) == nil)
  }

  @Test func `this process has a peak`() throws {
    #expect(try #require(ProcessMemory.now()).peak > 1 << 20)
  }

  @Test func `operations are counted as documented`() {
    // 192 weights in matrices; 8 elements of query heads; 2 rows that see 4 and 5 keys.
    let count = MinimalCheckpoint.configuration.operations(rows: 2, context: 3)
    #expect(count == Double(2 * 192 * 2 + 4 * 8 * (4 + 5)))
  }
}
