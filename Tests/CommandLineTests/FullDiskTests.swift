import Foundation
import TestSupport
import Testing

/// Files and outputs that cannot be written: what was there stays, and it is said.
struct FullDiskTests {
  private static let story =
    LookaheadProcess.tinyLlama + ["-p", "Tell me a story about a fox.", "-n", "20"]
  /// As on a full disk, no file can grow beyond some bytes: 512, or 1,024 in some shells.
  private static let fullDisk = #"ulimit -f 1; exec "$0" "$@""#

  #if os(Linux)
    @Test(arguments: [[], ["--json"], ["--raw", "--compare"]])
    func `standard output on a full disk`(options: [String]) throws {
      let run = try LookaheadProcess.run(
        Self.story + options, shell: #"exec "$0" "$@" > /dev/full"#)
      #expect(run.status == 2)
      #expect(
        run.diagnosticLines.last
          == "lookahead: Standard output cannot be written: No space left on device.")
    }

    @Test(arguments: ["--help", "--version"])
    func `help on a full disk`(option: String) throws {
      let run = try LookaheadProcess.run([option], shell: #"exec "$0" "$@" > /dev/full"#)
      #expect(run.status == 2)
      #expect(
        run.diagnostics
          == "lookahead: Standard output cannot be written: No space left on device.\n")
    }
  #endif

  @Test(.enabled(if: !Sanitizer.isActive, "\(Sanitizer.comment)"))
  func `standard output that is cut off by a limit on files`() throws {
    let folder = try TemporaryFolder()
    let run = try LookaheadProcess.run(
      Self.story + ["--json"],
      shell: #"ulimit -f 1; exec "$0" "$@" > '\#(folder.file("out"))'"#)
    #expect(run.status == 2)
    #expect(
      run.diagnostics == "lookahead: Standard output cannot be written: File too large.\n")
  }

  @Test(.enabled(if: !Sanitizer.isActive, "\(Sanitizer.comment)"))
  func `a chart that does not fit leaves the one that was there`() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("the old one", to: "cost.svg")
    let run = try LookaheadProcess.run(
      ["bench"] + LookaheadProcess.tinyLlama + [
        "--rows", "1,2", "--repeat", "1", "--sweep", "4", "--matmul", "exact", "--svg", path,
      ], shell: Self.fullDisk)
    #expect(run.status == 2)
    #expect(run.output.contains("rows"))
    #expect(run.diagnosticLines.last == "lookahead: \(path) cannot be written: File too large.")
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "the old one")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["cost.svg"])
  }

  @Test(
    .enabled(if: !Sanitizer.isActive, "\(Sanitizer.comment)"), arguments: [[], ["--json"]])
  func `a pool cache that does not fit leaves the one that was there`(options: [String]) throws {
    let folder = try TemporaryFolder()
    let path = folder.file("pool")
    let first = try LookaheadProcess.run(Self.story + ["--pool-cache", path])
    #expect(first.status == 0)
    let old = try Data(contentsOf: URL(fileURLWithPath: path))
    let second = try LookaheadProcess.run(
      LookaheadProcess.tinyLlama + [
        "-p", "Tell me a story about a bear.", "-n", "400", "--ignore-eos", "--pool-cache", path,
      ] + options, shell: Self.fullDisk)
    #expect(second.status == 2)
    #expect(!second.output.isEmpty)
    #expect(
      second.diagnosticLines.last
        == "lookahead: \(path) cannot be written: File too large.")
    // The text, and what is said of it, come first.
    #expect(second.output.hasSuffix("\n"))
    #expect(second.diagnosticLines.count == (options.isEmpty ? 2 : 1))
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == old)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["pool"])
  }

  @Test func `a cost cache that cannot be written is said, and the text is the same`() throws {
    let folder = try TemporaryFolder()
    // The cache folder's place is taken.
    try folder.write("", to: "lookahead")
    let run = try LookaheadProcess.run(
      Self.story, environment: ["XDG_CACHE_HOME": folder.path])
    #expect(run.status == 0)
    #expect(run.output == (try LookaheadProcess.run(Self.story).output))
    #expect(
      run.diagnostics.contains("Warning: What passes cost could not be kept in \(folder.path)"))
  }

  #if os(Linux)
    @Test func `a home where no folder can be made is one warning in the system's words`() throws {
      let run = try LookaheadProcess.run(
        ["chat"] + LookaheadProcess.tinyLlama + ["-n", "12"],
        input: Array("Tell me a story.\nTell me a story about a fox.\n".utf8),
        environment: ["HOME": "/proc"])
      #expect(run.status == 0)
      let warnings = run.diagnosticLines.filter { $0.hasPrefix("Warning: ") }
      #expect(warnings.count == 1, "\(run.diagnostics)")
      #expect(
        warnings.first?.hasPrefix(
          "Warning: What passes cost could not be kept in /proc/.cache/lookahead/step-cost-")
          == true)
      #expect(warnings.first?.hasSuffix(".json: No such file or directory.") == true)
    }
  #endif
}
