import Files
import Foundation
import Tensor
import TestSupport
import Testing

/// `lookahead inspect` as a program.
struct InspectCommandTests {
  private func inspect(_ fixture: String, _ options: [String] = []) throws -> String {
    let run = try LookaheadProcess.run(["inspect", "-m", FixturePath.path(fixture)] + options)
    #expect(run.status == 0)
    #expect(run.diagnostics.isEmpty)
    return run.output
  }

  @Test func `a summary names architecture, tokenizer, template and memory`() throws {
    let lines = try inspect("tiny-llama").split(separator: "\n")
    func value(_ name: String) -> String? {
      lines.first { $0.hasPrefix(name + " ") }.map {
        $0.dropFirst(name.count).trimmingCharacters(in: .whitespaces)
      }
    }
    #expect(value("format") == "Hugging Face folder, F32")
    #expect(value("parameters") == "869,504")
    #expect(value("architecture") == "LLaMA, 4 layers, context 1,024")
    #expect(value("attention") == "8 query heads, 4 key-value heads, head size 16")
    #expect(value("rotary") == "base 10000, scaling none")
    #expect(value("output head") == "tied to the embedding")
    #expect(value("end tokens") == "2, 0")
    #expect(value("tokenizer") == "byte-level BPE, 1024 tokens, 765 merges, 3 special tokens")
    #expect(value("chat template")?.hasPrefix("usable, default system message \"You are") == true)
    #expect(
      value("memory")
        == "3.5 MB for the weights, 3.5 MB as float32; 2.0 MB of cache for each 1,000 tokens, "
        + "1.0 MB as float16")
    #expect(value("tensors") == "38 in F32: 869,504 elements, 3.5 MB")
  }

  @Test func `a system message of the model's own cannot rule the terminal`() throws {
    let folder = try TemporaryFolder()
    try MinimalTextModel.write(to: folder, vocabularySize: 1_024)
    let name = "tokenizer_config.json"
    let tokenizer = try String(
      contentsOfFile: FixturePath.path("tiny-llama/\(name)"), encoding: .utf8)
    try folder.write(tokenizer.replacing("You are", with: #"\u001b[2JYou are"#), to: name)
    let run = try LookaheadProcess.run(["inspect", "-m", folder.path])
    #expect(run.status == 0)
    #expect(run.output.contains(#"default system message "\u{1B}[2JYou are"#))
    #expect(!run.output.contains("\u{1B}"))
  }

  @Test(arguments: [
    ("tiny-llama3", "llama3, factor 8, low 1, high 4, original context 64"),
    ("tiny-bf16-shards", "linear, factor 2.5"), ("gguf/llama3.gguf", "8 divisors from the file"),
  ])
  func `the rotary scaling is put in words`(fixture: String, scaling: String) throws {
    #expect(try inspect(fixture).contains("scaling \(scaling)\n"))
  }

  @Test func `a folder's digest is that of its configuration and weights in order`() throws {
    let run = try inspect("tiny-bf16-shards", ["--json"])
    var hash = SHA256()
    for name in ["config.json"] + (1...3).map({ "model-0000\($0)-of-00003.safetensors" }) {
      let file = URL(fileURLWithPath: FixturePath.path("tiny-bf16-shards/\(name)"))
      hash.update([UInt8](try Data(contentsOf: file)))
    }
    #expect(run.contains("\"sha256\":\"\(hash.hexDigest)\""))
  }

  @Test func `every tensor can be listed, numbers in names in their order`() throws {
    let lines = try inspect("gguf/quantised-q8_0.gguf", ["--tensors"]).split(separator: "\n")
    #expect(lines.contains { $0.hasPrefix("blk.0.attn_q.weight") && $0.contains("Q8_0") })
    #expect(lines.contains { $0.hasPrefix("output_norm.weight") && $0.contains("F32") })
  }

  @Test func `the JSON object has it all`() throws {
    let json = try inspect("gguf/quantised-k.gguf", ["--json"])
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
    let keys: Set = [
      "model", "architecture", "formats", "tensors", "tokenizer", "chat_template", "arithmetic",
      "memory", "unread_tensors",
    ]
    #expect(Set(object.keys) == keys)
    let formats = try #require(object["formats"] as? [[String: Any]])
    #expect(
      formats.compactMap { $0["name"] as? String } == ["Q6_K", "Q5_K", "Q4_K", "Q8_0", "F32"])
    let tensors = try #require(object["tensors"] as? [[String: Any]])
    let bytes = { (entries: [[String: Any]]) in
      entries.compactMap { $0["bytes"] as? Int }.reduce(0, +)
    }
    #expect(bytes(tensors) == bytes(formats))
    let memory = try #require(object["memory"] as? [String: Int])
    let model = try #require(object["model"] as? [String: Any])
    #expect(memory["weights_as_float32"] == (model["parameters"] as? Int).map { $0 * 4 })
    #expect((1...(model["parameters"] as? Int ?? 0) * 4 + 4_096).contains(memory["weights"] ?? 0))
  }

  @Test func `a model without tokenizer and template is shown as such`() throws {
    let folder = try TemporaryFolder()
    try MinimalCheckpoint.writeHuggingFace(to: folder)
    let run = try LookaheadProcess.run(["inspect", "-m", folder.path])
    #expect(run.status == 0)
    #expect(run.output.contains("tokenizer      none\n"))
    #expect(run.output.contains("chat template  none, since there is no tokenizer\n"))
  }
}
