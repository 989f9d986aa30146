import Foundation
import Llama
import TestSupport
import Testing

/// Models with weights that are no numbers, as a user meets them.
struct NonFiniteModelTests {
  private static let origin = "in the output of layer 1 at position 0."

  /// A folder with the spoilt model and nothing else.
  private func spoiltModel() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try SpoiltModel.write(
      to: folder, tensor: "model.layers.1.mlp.up_proj.weight", index: 7, value: .nan)
    return folder
  }

  @Test(arguments: [
    [], ["--json"], ["--temperature", "0.8"], ["--decoding", "autoregressive"],
    ["-W", "3", "-N", "3", "-G", "3"], ["--repeat-penalty", "1.2"], ["--matmul", "blas"],
  ])
  func `no text is made, and the layer is named`(options: [String]) throws {
    let folder = try spoiltModel()
    let run = try LookaheadProcess.run(
      ["-m", folder.path, "-t", "1", "-p", "Tell me a story about a fox."] + options)
    #expect(run.status == 2)
    #expect(run.output.isEmpty)
    let sentence = try #require(run.diagnosticLines.last)
    #expect(sentence.hasPrefix("lookahead: The logit of token 0 at position "))
    #expect(
      sentence.hasSuffix(
        "is nan, so no token can be chosen; the first number that is not finite is \(Self.origin)"))
  }

  @Test func `a text that was begun is shown, and what ended it stands on its own line`() throws {
    let folder = try TemporaryFolder()
    // A head of its own, so that only the pass that reads token 5 meets its embedding.
    var configuration = MinimalCheckpoint.configuration
    configuration.tiesEmbeddings = false
    var config = MinimalCheckpoint.config
    config["tie_word_embeddings"] = "false"
    var weights = MinimalCheckpoint.safetensors(configuration)
    let embedding = try #require(weights.tensors.firstIndex { $0.name.contains("embed_tokens") })
    let start = 4 * 5 * configuration.hiddenSize
    weights.tensors[embedding].bytes.replaceSubrange(
      start..<start + 4, with: [UInt8](littleEndian: [Float.nan]))
    try MinimalCheckpoint.writeHuggingFace(to: folder, config: config, weights: weights)
    let run = try LookaheadProcess.run([
      "-m", folder.path, "-t", "1", "--prompt-ids", "1,3", "-n", "4", "--ignore-eos",
      "--decoding", "autoregressive", "--logit-bias", "5=100000",
    ])
    #expect(run.status == 2)
    #expect(run.output == "5\n")
    #expect(run.diagnosticLines.count == 1)
  }

  @Test(arguments: [[], ["--reference"], ["--plain"]])
  func `no trace of a text is made, and the layer is named`(options: [String]) throws {
    let (folder, place) = (try spoiltModel(), try TemporaryFolder())
    let run = try LookaheadProcess.run(
      [
        "trace", "-m", folder.path, "-t", "1", "--prompt-ids", "5,6,7", "-n", "4", "-o",
        place.file("trace"),
      ] + options)
    #expect(run.status == 2)
    #expect(run.diagnosticLines.count == 1 && run.diagnostics.hasSuffix(Self.origin + "\n"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: place.path).isEmpty)
  }

  @Test(arguments: [[], ["--reference"]])
  func `a trace of one pass is what was asked for, with a warning`(options: [String]) throws {
    let (folder, place) = (try spoiltModel(), try TemporaryFolder())
    let run = try LookaheadProcess.run(
      [
        "forward", "-m", folder.path, "-t", "1", "--tokens", "5,6,7", "-o", place.file("trace"),
      ] + options)
    #expect(run.status == 0)
    #expect(
      run.diagnosticLines.first.map(String.init)
        == "Warning: Numbers of the trace are not finite, the first of them \(Self.origin)")
    #expect(
      FileManager.default.fileExists(atPath: place.file("trace/pass-00000.safetensors")))
  }
}
