import Foundation
import Oracle
import Tensor
import TestSupport
import Testing

/// `--matmul int16` and `--matmul int8` as a user meets them, on a quantised fixture model.
struct IntegerProductsTests {
  private static let model = ["--model", FixturePath.path("gguf/quantised-q4_1.gguf")]
  private static let prompt = ["--prompt-ids", "5,6,7,5,6,7,5,6", "-n", "10", "--ignore-eos"]

  private func run(_ command: String, _ arguments: [String]) throws -> LookaheadProcess.Outcome {
    try LookaheadProcess.run([command] + Self.model + arguments)
  }

  @Test func `text is made with int16 where weights are quantised, and the report says so`() throws
  {
    let reports = try [[], ["--matmul", "int16"], ["--matmul", "exact"], ["--matmul", "int8"]].map {
      try run("generate", Self.prompt + ["--json"] + $0).object()
    }
    #expect(reports.map { $0["matmul"] as? String } == ["int16", "int16", "exact", "int8"])
    let digests = reports.compactMap { $0["logits_sha256"] as? String }
    #expect(digests[0] == digests[1] && Set(digests).count == 3)
    let floats = try LookaheadProcess.run(
      LookaheadProcess.tinyLlama + Self.prompt + ["--json"]
    ).object()
    #expect(floats["matmul"] as? String == "exact")
  }

  @Test(arguments: ["int16", "int8"])
  func `lookahead and plain decoding are found equal, to the bit`(matmul: String) throws {
    let compared = try run("generate", Self.prompt + ["--matmul", matmul, "--compare", "--json"])
    #expect(compared.status == 0)
    let verified = try run(
      "verify",
      Self.prompt + ["--matmul", matmul, "--random", "24", "--threads-list", "1,2", "--json"])
    #expect(verified.status == 0)
    let certificate = try verified.object()
    #expect(certificate["verdict"] as? String == "equal")
    #expect(certificate["matmul"] as? String == matmul)
  }

  @Test(arguments: ["int16", "int8"])
  func `a trace says which arithmetic it holds`(matmul: String) throws {
    let folder = try TemporaryFolder()
    let path = folder.file("trace")
    let traced = try run("trace", Self.prompt + ["--matmul", matmul, "--out", path])
    #expect(traced.status == 0)
    #expect(try Trace(folder: path).header.arithmetic.rawValue == matmul)
  }

  @Test(arguments: [
    ["generate", "--prompt-ids", "5"], ["bench", "--rows", "1"], ["verify"],
    ["trace", "--prompt-ids", "5", "--out", "x"],
  ])
  func `weights without codes are refused with a sentence`(command: [String]) throws {
    let arguments = ["--matmul", "int8", "--weights", "float32"]
    let refused = try run(command[0], Array(command.dropFirst()) + arguments)
    #expect(refused.status == 64)
    #expect(refused.output.isEmpty)
    #expect(refused.diagnostics.contains("--matmul int8 multiplies the codes of quantised weights"))
  }
}
