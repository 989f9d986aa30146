import Foundation
import TestSupport
import Testing

@testable import CommandLineTool

/// `scripts/fetch-model.sh`, with a stand-in for Python, so that nothing is fetched.
struct FetchModelScriptTests {
  /// Downloads and unpacks a model of one line, unless a variable says how to go wrong: `OFFLINE`
  /// fails to download, `INTERRUPTED` sends the script a signal meanwhile, `CUT` fails to unpack, and
  /// `BYTES` makes the model of that size.
  private static let python = """
    #!/bin/sh
    case "$*" in
    *zipfile*)
      if [ -n "$CUT" ]; then echo "Traceback: not a zip file" >&2; exit 1; fi
      mkdir package && echo "another model" >"package/\(ModelLocation.fetchedName)"
      if [ -n "$BYTES" ]; then truncate -s "$BYTES" "package/\(ModelLocation.fetchedName)"; fi ;;
    *download*)
      if [ -n "$OFFLINE" ]; then echo "no such host" >&2; exit 1; fi
      while [ "$1" != --dest ]; do shift; done
      : >"$2/package.whl"
      if [ -n "$INTERRUPTED" ]; then kill -TERM $PPID; fi ;;
    esac
    """

  private let folder: TemporaryFolder
  private var model: String { folder.file("cache/lookahead/\(ModelLocation.fetchedName)") }

  init() throws {
    folder = try TemporaryFolder()
    try FileManager.default.createDirectory(
      atPath: folder.file("bin"), withIntermediateDirectories: true)
    let python = try folder.write(Self.python, to: "bin/python3")
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: python)
  }

  private func fetch(_ environment: [String: String] = [:]) throws -> (status: Int32, text: String)
  {
    let process = Process()
    let diagnostics = Pipe()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = [FixturePath.root + "/../scripts/fetch-model.sh"]
    let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
    process.environment = environment.merging([
      "PATH": "\(folder.file("bin")):\(path)", "XDG_CACHE_HOME": folder.file("cache"),
    ]) { given, _ in given }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = diagnostics
    try process.run()
    let text = try diagnostics.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: text, as: UTF8.self))
  }

  private func filesInCache() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.file("cache/lookahead"))
  }

  @Test(arguments: [[:], ["BYTES": "98362431"], ["BYTES": "98362432"], ["CUT": "1"]])
  func `another file, or one cut short, is not kept`(environment: [String: String]) throws {
    let run = try fetch(environment)
    #expect(run.status == 1)
    #expect(run.text.contains("so nothing was kept."))
    #expect(!run.text.contains("Traceback"))
    #expect(try filesInCache().isEmpty)
  }

  @Test func `an interruption leaves nothing behind`() throws {
    let run = try fetch(["INTERRUPTED": "1"])
    #expect(run.status == 143)
    #expect(try filesInCache().isEmpty)
  }

  @Test func `without a network it says so and leaves nothing behind`() throws {
    let run = try fetch(["OFFLINE": "1"])
    #expect(run.status == 1)
    #expect(run.text.contains("is there a network?"))
    #expect(try filesInCache().isEmpty)
  }

  @Test func `a file of that name that is not the model is left alone`() throws {
    try FileManager.default.createDirectory(
      atPath: folder.file("cache/lookahead"), withIntermediateDirectories: true)
    try folder.write("mine", to: "cache/lookahead/\(ModelLocation.fetchedName)")
    let run = try fetch()
    #expect(run.status == 1)
    #expect(run.text.contains("is not the expected file"))
    #expect(try String(contentsOfFile: model, encoding: .utf8) == "mine")
  }

  @Test(
    .enabled(if: TestModels.smolLM2Path != nil, "SmolLM2 is not there: make test fetches it"))
  func `a model that is there is not fetched again`() throws {
    let fetched = try #require(TestModels.smolLM2Path)
    try FileManager.default.createDirectory(
      atPath: folder.file("cache/lookahead"), withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(atPath: model, withDestinationPath: fetched)
    let run = try fetch(["OFFLINE": "1"])
    #expect(run.status == 0)
    #expect(run.text.contains("is there already"))
  }
}
