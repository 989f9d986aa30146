import Foundation
import TestSupport
import Testing

/// Models with weights that are no numbers, as a user meets them.
struct NonFiniteModelTests {
  @Test(arguments: [
    [], ["--json"], ["--temperature", "0.8"], ["--decoding", "autoregressive"],
    ["-W", "3", "-N", "3", "-G", "3"], ["--repeat-penalty", "1.2"], ["--matmul", "blas"],
  ])
  func `no text is made, and the layer is named`(options: [String]) throws {
    let folder = try TemporaryFolder()
    try SpoiltModel.write(
      to: folder, tensor: "model.layers.1.mlp.up_proj.weight", index: 7, value: .nan)
    let run = try LookaheadProcess.run(
      ["-m", folder.path, "-t", "1", "-p", "Tell me a story about a fox."] + options)
    #expect(run.status == 2)
    #expect(run.output.isEmpty)
    let sentence = try #require(run.diagnosticLines.last)
    #expect(sentence.hasPrefix("lookahead: The logit of token 0 at position "))
    #expect(
      sentence.hasSuffix(
        "so no token can be chosen; the first number that is not finite is in the output of layer 1 "
          + "at position 0."))
  }
}
