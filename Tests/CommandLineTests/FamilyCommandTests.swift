import Foundation
import TestSupport
import Testing

/// The commands on a model of each family.
struct FamilyCommandTests {
  private static let families = FamilyFixture.families.filter { $0 != "mistral" }

  private func run(
    _ family: String, _ arguments: [String], input: String = ""
  ) throws -> LookaheadProcess.Outcome {
    let model = ["-m", FixturePath.path("families/\(family).gguf")]
    let threads = ["inspect", "verify"].contains(arguments[0]) ? [] : ["-t", "1"]
    return try LookaheadProcess.run(arguments + model + threads, input: Array(input.utf8))
  }

  @Test("generate says the same with and without lookahead", arguments: families)
  func generate(family: String) throws {
    let run = try run(
      family,
      [
        "generate", "--compare", "-p", "the tin can", "-n", "24", "--temperature", "0.7",
        "--seed", "3",
      ])
    #expect(run.status == 0, "\(run.diagnostics)")
    #expect(run.diagnostics.contains("the same tokens and bit for bit the same logits"))
  }

  @Test("chat answers turn by turn", arguments: families)
  func chat(family: String) throws {
    let run = try run(family, ["chat", "-n", "5", "--json"], input: "the tin\nan ant\n")
    #expect(run.status == 0, "\(run.diagnostics)")
    #expect(run.output.split(separator: "\n").count == 2)
  }

  @Test("trace writes the family's specification, and verify agrees with it", arguments: families)
  func traceAndVerify(family: String) throws {
    let folder = try TemporaryFolder()
    let trace = try run(
      family, ["trace", "-p", "an ant", "-n", "12", "-o", folder.file("trace")])
    #expect(trace.status == 0, "\(trace.diagnostics)")
    let json = try String(contentsOfFile: folder.file("trace/trace.json"), encoding: .utf8)
    #expect(json.contains("\"family\":\"\(family)\"") == (family != "llama"))
    let verify = try run(
      family, ["verify", "-p", "an ant", "-n", "12", "--random", "4"])
    #expect(verify.status == 0, "\(verify.diagnostics)\(verify.output)")
  }

  @Test("inspect names the family, its windows and its scaling")
  func inspect() throws {
    let gemma = try run("gemma3", ["inspect"]).output
    #expect(gemma.contains("Gemma 3, 7 layers, context 128"))
    #expect(gemma.contains("6 with a window of 5, rotated by base 10000; 1 with no window"))
    #expect(gemma.contains("embedding × 5.65"))
    let smol = try run("smollm3", ["inspect"]).output
    #expect(smol.contains("4 with no window; 1 with no window, not rotated"))
    #expect(try run("olmo2", ["inspect"]).output.contains("of all queries and of all keys"))
  }

  @Test("forward shows that a layer with a window sees less than the mask")
  func windows() throws {
    let folder = try TemporaryFolder()
    let tokens = (1...9).map(String.init).joined(separator: ",")
    let run = try run(
      "gemma3", ["forward", "--tokens", tokens, "--attention", "1,6", "-o", folder.file("pass")])
    #expect(run.status == 0)
    #expect(
      run.diagnostics.contains(
        "Of the keys that a mask shows, layers with a window see less: 6 of 7 the last 5 positions."
      ))
    let names = try FileManager.default.subpathsOfDirectory(atPath: folder.file("pass"))
    let path = try #require(names.first { $0.hasSuffix(".safetensors") })
    let file = try SafetensorsReader(path: folder.file("pass/\(path)"))
    func seen(_ layer: Int) throws -> Int {
      let weights = try file.floats("attention.\(layer)")
      // The last row's first head, of nine keys.
      return weights[(8 * 4 * 9)..<(8 * 4 * 9 + 9)].count { $0 > 0 }
    }
    #expect(try seen(1) == 5 && seen(6) == 9)
  }

  @Test("A tokenizer that is not supported is refused only where text is needed")
  func unsupportedTokenizer() throws {
    let folder = try TemporaryFolder()
    var writer = MinimalCheckpoint.gguf()
    writer.set("tokenizer.ggml.pre", .text("unheard-of"))
    let model = ["-m", try folder.write(writer.bytes(), to: "model.gguf")]
    for arguments in [
      ["inspect"], ["generate", "--prompt-ids", "1,3", "-n", "4"],
      ["forward", "--tokens", "1,3", "-o", folder.file("pass")],
      ["trace", "--prompt-ids", "1,3", "-n", "3", "-o", folder.file("trace")],
    ] {
      let run = try LookaheadProcess.run(arguments + model)
      #expect(run.status == 0, "\(arguments): \(run.diagnostics)")
    }
    for arguments in [["generate", "-p", "a"], ["tokenize", "a"], ["chat"]] {
      let run = try LookaheadProcess.run(arguments + model)
      #expect(run.status == 2 && run.diagnostics.contains("tokenizer.ggml.pre"), "\(arguments)")
    }
  }

  @Test("tokenize takes a vocabulary without a model")
  func vocabularyAlone() throws {
    let folder = try TemporaryFolder()
    for name in ["tokenizer.json", "tokenizer_config.json"] {
      let path = FixturePath.path("tiny-llama/\(name)")
      try folder.write(
        String(contentsOfFile: path, encoding: .utf8), to: name)
    }
    let alone = try LookaheadProcess.run(["tokenize", "-m", folder.path, "The fox"])
    let whole = try LookaheadProcess.run(
      ["tokenize", "-m", FixturePath.path("tiny-llama"), "The fox"])
    #expect(alone.status == 0 && alone.output == whole.output)
  }
}
