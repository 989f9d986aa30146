import Foundation
import TestSupport
import Testing

/// `lookahead compare` of traces of a quantised model.
struct CompareQuantisedTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func trace(_ matmul: String) throws -> String {
    let target = folder.file(matmul)
    let run = try LookaheadProcess.run([
      "forward", "--model", FixturePath.path("gguf/quantised-q4_0.gguf"), "--matmul", matmul,
      "--tokens", "1,17,33,54,99,12,77,45", "--layers", "--out", target,
    ])
    #expect(run.status == 0, "\(run.diagnostics)")
    return target
  }

  @Test func `activations in 8 bits explain the difference, and the JSON object says so`() throws {
    let (exact, int8) = (try trace("exact"), try trace("int8"))
    let text = try LookaheadProcess.run(["compare", exact, int8])
    #expect(text.status == 0)
    #expect(text.output.contains("B rounds activations to 8 bits, as its header says: "))
    #expect(text.output.contains("Compare B with a trace made with --matmul int8"))
    #expect(text.output.contains("rounding of int8"))
    let object = try LookaheadProcess.run(["compare", exact, int8, "--json"]).object()
    #expect(object["precision"] as? String == "int8" && object["agrees"] as? Bool == true)
    #expect((object["advice"] as? String)?.hasPrefix("Compare B") == true)
    #expect((object["b"] as? [String: Any])?["arithmetic"] as? String == "int8")
    let strict = try LookaheadProcess.run(["compare", exact, int8, "--precision", "float32"])
    #expect(strict.status == 1)
    #expect(strict.output.contains("A bug, at pass 0, row 0 (token 1, position 0), hidden.1: "))
  }
}
