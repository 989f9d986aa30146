import Foundation
import TestSupport
import Testing

/// A package that names a version of this one builds, and its program runs.
///
/// A path dependency would not show it: Swift Package Manager lets one use unsafe flags and whatever
/// lies in its folder. So the sources as they are here are committed to a new repository and tagged.
@Suite(.enabled(if: LongSuite.isRequested, "\(LongSuite.comment)"))
struct VersionedDependencyTests {
  /// A program that failed.
  struct ProgramFailure: Error, CustomStringConvertible {
    let command: [String]
    let status: Int32
    let output: String

    var description: String {
      "\(command.joined(separator: " ")) ended with status \(status): \(output)"
    }
  }

  private static let root = URL(fileURLWithPath: FixturePath.root).deletingLastPathComponent().path
  private static let version = "1.0.0"
  private static let tokens = 32

  private static func manifest(repository: String) -> String {
    """
    // swift-tools-version: 6.2
    import PackageDescription

    let package = Package(
      name: "dependent",
      platforms: [.macOS(.v15)],
      dependencies: [.package(url: "file://\(repository)", exact: "\(version)")],
      targets: [
        .executableTarget(
          name: "Dependent", dependencies: [.product(name: "Lookahead", package: "lookahead")])
      ]
    )
    """
  }

  /// Reads a model's path and token ids from its arguments; prints what follows them.
  private static let program = """
    import Llama
    import Lookahead
    import Tensor

    @main struct Dependent {
      static func main() throws {
        let checkpoint = try Checkpoint.open(CommandLine.arguments[1])
        let model = try LlamaModel(checkpoint, path: .exact, on: Executor(threadCount: 2))
        let stop = StopRules(endTokens: [], maximumTokens: \(tokens))
        var decoder = try LookaheadDecoder(
          model: model, selector: GreedySelector(), configuration: LookaheadConfiguration())
        let prompt = CommandLine.arguments.dropFirst(2).compactMap { Int($0) }
        let result = try decoder.generate(prompt: prompt, stop: stop)
        print(result.tokens.map(String.init).joined(separator: " "))
      }
    }
    """

  /// Runs a program of the PATH to its end and returns its standard output.
  @discardableResult
  private func run(_ command: [String], in folder: String) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = command
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    let (output, diagnostics) = (folder + "/.output", folder + "/.diagnostics")
    // Files, not pipes: what a long build says would fill a pipe that is read at the end.
    for file in [output, diagnostics] {
      try Data().write(to: URL(fileURLWithPath: file))
    }
    process.standardOutput = FileHandle(forWritingAtPath: output)
    process.standardError = FileHandle(forWritingAtPath: diagnostics)
    try process.run()
    process.waitUntilExit()
    let said = try [output, diagnostics].map { try String(contentsOfFile: $0, encoding: .utf8) }
    guard process.terminationStatus == 0 else {
      throw ProgramFailure(
        command: command, status: process.terminationStatus, output: said.joined())
    }
    return said[0]
  }

  /// Commits this package's manifest and sources, as they are here, to a new repository and tags it.
  private func makeRepository(in folder: TemporaryFolder) throws -> String {
    let repository = folder.file("lookahead")
    let files = FileManager.default
    try files.createDirectory(atPath: repository, withIntermediateDirectories: false)
    for part in ["Package.swift", "Sources", "Tests"] {
      try files.copyItem(atPath: "\(Self.root)/\(part)", toPath: "\(repository)/\(part)")
    }
    let author = ["-c", "user.name=test", "-c", "user.email=test@localhost"]
    let unsigned = ["-c", "commit.gpgSign=false", "-c", "tag.gpgSign=false"]
    try run(["git", "init", "--quiet"], in: repository)
    try run(["git", "add", "Package.swift", "Sources", "Tests"], in: repository)
    try run(
      ["git"] + author + unsigned + ["commit", "--quiet", "-m", "The package as it is."],
      in: repository)
    try run(["git"] + unsigned + ["tag", Self.version], in: repository)
    return repository
  }

  @Test func `a package that names a version of this one builds and decodes`() throws {
    let folder = try TemporaryFolder()
    let repository = try makeRepository(in: folder)
    let package = folder.file("dependent")
    try FileManager.default.createDirectory(
      atPath: package + "/Sources/Dependent", withIntermediateDirectories: true)
    try folder.write(Self.manifest(repository: repository), to: "dependent/Package.swift")
    try folder.write(Self.program, to: "dependent/Sources/Dependent/Dependent.swift")

    // Nothing is left in the user's folders. The dependencies come from what building this package
    // fetched, so that no network is needed.
    let cache = folder.file("cache")
    try FileManager.default.createDirectory(atPath: cache, withIntermediateDirectories: false)
    let fetched = Self.root + "/.build/repositories"
    if FileManager.default.fileExists(atPath: fetched) {
      try FileManager.default.copyItem(atPath: fetched, toPath: cache + "/repositories")
    }
    let folders = ["--cache-path", cache, "--security-path", folder.file("security")]
    try run(["swift", "build", "-j", "2"] + folders, in: package)

    let golden = try #require(
      TestPrompts.greedyGolden("tiny-llama/greedy.json").prompts.first { $0.name == "raw-story" })
    let arguments = [FixturePath.path("tiny-llama")] + golden.promptIDs.map(String.init)
    let output = try run([package + "/.build/debug/Dependent"] + arguments, in: package)
    let expected = golden.outputIDsIgnoringEnd.prefix(Self.tokens)
    #expect(output == expected.map(String.init).joined(separator: " ") + "\n")
  }
}
