import Foundation
import Llama
import TestSupport
import Testing

/// Inputs without end or beyond all measure: a sentence and the right exit status, soon.
struct LimitsTests {
  private func sentence(
    _ arguments: [String], input: [UInt8] = [], shell: String? = nil
  ) throws -> String {
    let run = try LookaheadProcess.run(arguments, input: input, shell: shell)
    #expect(run.status == 2)
    #expect(run.output.isEmpty)
    #expect(run.diagnosticLines.count == 1, "\(run.diagnostics)")
    #expect(run.diagnostics.hasPrefix("lookahead: ") && run.diagnostics.hasSuffix(".\n"))
    return run.diagnostics
  }

  /// A folder whose files promise weights of four terabytes, and are as long as that: most of them is
  /// a hole that takes no room on the disk.
  private func writeHugeModel(to folder: TemporaryFolder) throws {
    var config = MinimalCheckpoint.config
    (config["vocab_size"], config["hidden_size"]) = ("1048576", "1048576")
    var configuration = MinimalCheckpoint.configuration
    (configuration.vocabularySize, configuration.hiddenSize) = (1 << 20, 1 << 20)
    var end = 0
    var weights = SafetensorsWriter()
    for name in WeightName.all(in: configuration) {
      let shape = name.shape(in: configuration)
      let start = end
      end += 4 * shape.reduce(1, *)
      weights.tensors.append(
        SafetensorsWriter.Tensor(
          name.huggingFace(in: configuration), elementType: "F32", shape: shape, bytes: [],
          offsets: [start, end]))
    }
    let header = weights.bytes()
    try MinimalCheckpoint.writeHuggingFace(to: folder, config: config, weights: weights)
    try #require(truncate(folder.file("model.safetensors"), off_t(header.count + end)) == 0)
  }

  @Test func `a model beyond the machine's memory is refused before anything is read`() throws {
    let folder = try TemporaryFolder()
    try writeHugeModel(to: folder)
    let found = try sentence(["-m", folder.path, "--prompt-ids", "1", "-t", "1"])
    #expect(found.contains("\(folder.path) needs 44"))
    #expect(found.contains(" MB of memory (weights 4398"))
    #expect(found.contains("), but this machine has ") || found.contains(" leaves "))
  }

  @Test(
    arguments: [["trace", "--prompt-ids", "1"], ["forward", "--tokens", "1"]],
    [[], ["--reference"]])
  func `so it is where it is to be traced`(command: [String], options: [String]) throws {
    let folder = try TemporaryFolder()
    try writeHugeModel(to: folder)
    let found = try sentence(
      command + options + ["-m", folder.path, "-t", "1", "-o", folder.file("trace")])
    // The reference reads each tensor into a copy first.
    let weights = options.isEmpty ? 4398 : 8796
    #expect(found.contains(" MB of memory (weights \(weights)"))
    #expect(!FileManager.default.fileExists(atPath: folder.file("trace")))
  }

  #if os(Linux)
    @Test(.enabled(if: !Sanitizer.isActive, "\(Sanitizer.comment)"))
    func `a limit on addresses is heeded`() throws {
      let folder = try TemporaryFolder()
      try writeHugeModel(to: folder)
      let found = try sentence(
        ["-m", folder.path, "--prompt-ids", "1", "-t", "1"],
        shell: #"ulimit -v 2000000; exec "$0" "$@""#)
      #expect(found.contains("but the limit on the process's addresses leaves "))
    }

    /// 20,000 rows on a line of 40 kB: the attention weights of one block are 6.4 GB, and lists of what
    /// each row sees, where it is no beginning of a text, 3.2 GB.
    @Test(
      .enabled(if: !Sanitizer.isActive, "\(Sanitizer.comment)"),
      arguments: [
        ["--attention", "1"], ["--attention", "1", "--reference"], ["--positions", list("0")],
      ])
    func `a pass beyond all memory is refused before the weights are read`(
      options: [String]
    ) throws {
      let folder = try TemporaryFolder()
      let found = try sentence(
        ["forward", "--tokens", Self.list("1")] + options + LookaheadProcess.tinyLlama
          + ["-t", "1", "-o", folder.file("trace")],
        shell: #"ulimit -v 2000000; exec "$0" "$@""#)
      #expect(found.contains(" MB of memory (weights "), "\(found)")
      #expect(!FileManager.default.fileExists(atPath: folder.file("trace")))
    }

    private static func list(_ id: String) -> String {
      Array(repeating: id, count: 20_000).joined(separator: ",")
    }
  #endif

  @Test func `a prompt of ten megabytes is too long, and that is soon known`() throws {
    let text = Array("Tell me a story about a fox. ".utf8)
    let prompt = Array(repeatElement(text, count: 10_000_000 / text.count).joined())
    let begin = ContinuousClock.now
    let found = try sentence(
      LookaheadProcess.tinyLlama + ["--prompt-file", "-"], input: prompt)
    #expect(found.contains("tokens, but the context holds 1024"))
    #expect(ContinuousClock.now - begin < .seconds(60))
  }

  @Test(arguments: [["--prompt-file", "-"], ["--raw", "--prompt-file", "-"]])
  func `standard input without an end is given up`(options: [String]) throws {
    let found = try sentence(
      LookaheadProcess.tinyLlama + options, shell: #"yes | "$0" "$@""#)
    #expect(
      found == "lookahead: Standard input has more than 32 MB of text, which is more than can be "
        + "taken in.\n")
  }

  @Test func `a line without an end is given up`() throws {
    let found = try sentence(
      ["chat"] + LookaheadProcess.tinyLlama, shell: #""$0" "$@" < /dev/zero"#)
    #expect(found.hasPrefix("lookahead: The line has more than 32 MB of text"))
  }

  @Test func `a file without an end is given up`() throws {
    let found = try sentence(LookaheadProcess.tinyLlama + ["--prompt-file", "/dev/zero"])
    #expect(found.hasPrefix("lookahead: /dev/zero has more than 32 MB of text"))
  }

  @Test func `a conversation without an end ends with the context`() throws {
    let run = try LookaheadProcess.run(
      ["chat", "-n", "4", "-c", "200"] + LookaheadProcess.tinyLlama,
      shell: #"yes "Who are you?" | "$0" "$@""#)
    #expect(run.status == 2)
    #expect(run.diagnosticLines.last?.hasPrefix("lookahead: The conversation has ") == true)
  }
}
