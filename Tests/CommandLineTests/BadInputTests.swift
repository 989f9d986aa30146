import Foundation
import Llama
import TestSupport
import Testing

/// Bad files, prompts, limits and options: one sentence, the right exit status, nothing on standard
/// output.
struct BadInputTests {
  /// Runs the program and returns its sentence.
  private func sentence(
    _ arguments: [String], status: Int32, input: [UInt8] = []
  ) throws -> String {
    let run = try LookaheadProcess.run(arguments, input: input)
    #expect(run.status == status)
    #expect(run.output.isEmpty)
    #expect(run.diagnosticLines.count == 1, "\(run.diagnostics)")
    #expect(run.diagnostics.hasPrefix("lookahead: "))
    #expect(run.diagnostics.hasSuffix(".\n"))
    return String(run.diagnostics.dropFirst("lookahead: ".count).dropLast())
  }

  private func sentence(about path: String) throws -> String {
    let sentences = try [["inspect"], ["generate", "--prompt-ids", "1"]].map {
      try sentence($0 + ["-m", path], status: 2)
    }
    #expect(sentences[0] == sentences[1])
    #expect(sentences[0].hasPrefix(path))
    return String(sentences[0].dropFirst(path.count))
  }

  @Test func `a path that is not there`() throws {
    let path = try TemporaryFolder().file("nothing.gguf")
    #expect(try sentence(about: path) == " cannot be opened: No such file or directory.")
  }

  @Test func `a file that is no model`() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("Once upon a time", to: "story.txt")
    #expect(try sentence(about: path).contains("is not a model"))
    #expect(try sentence(about: folder.path).contains("is not a model"))
  }

  @Test(arguments: [4, 100, 5_000, 170_000])
  func `a truncated GGUF file`(size: Int) throws {
    let folder = try TemporaryFolder()
    let whole = try Data(contentsOf: URL(fileURLWithPath: FixturePath.path("gguf/llama3.gguf")))
    let path = try folder.write([UInt8](whole.prefix(size)), to: "model.gguf")
    #expect(!(try sentence(about: path)).isEmpty)
  }

  @Test(
    arguments: [
      Mistake("count") { $0.tensorCount = .max },
      Mistake("metadata") { $0.metadataCount = 1 << 40 },
      Mistake("offset") { $0.tensors[0].offset = 1 << 50 }, Mistake("version") { $0.version = 9 },
      Mistake("shape") { $0.tensors[1].dimensions[0] = 3 },
      Mistake("type") { $0.tensors[0].type = 77 },
      Mistake("missing") { $0.removeTensor("output_norm.weight") },
      Mistake("key") { $0.remove("llama.embedding_length") },
    ] as [Mistake<GGUFWriter>])
  func `a GGUF file that contradicts itself`(_ mistake: Mistake<GGUFWriter>) throws {
    let folder = try TemporaryFolder()
    let file = mistake.made(in: MinimalCheckpoint.gguf())
    let path = try folder.write(file.bytes(), to: "model.gguf")
    #expect(!(try sentence(about: path)).isEmpty)
  }

  @Test func `a missing shard`() throws {
    let folder = try TemporaryFolder()
    let source = FixturePath.path("tiny-bf16-shards")
    for name in try FileManager.default.contentsOfDirectory(atPath: source)
    where name != "model-00002-of-00003.safetensors" {
      try FileManager.default.copyItem(atPath: source + "/" + name, toPath: folder.file(name))
    }
    #expect(
      try sentence(about: folder.path).contains(
        "the shard model-00002-of-00003.safetensors is missing"))
  }

  @Test func `a tensor of the wrong shape`() throws {
    let folder = try TemporaryFolder()
    var weights = MinimalCheckpoint.safetensors()
    weights.tensors[0].shape = weights.tensors[0].shape.reversed()
    try MinimalCheckpoint.writeHuggingFace(to: folder, weights: weights)
    #expect(
      try sentence(about: folder.path).contains(
        "the shape of the tensor model.embed_tokens.weight is [4, 6], but must be [6, 4]"))
  }

  @Test func `a configuration without a key`() throws {
    let folder = try TemporaryFolder()
    var config = MinimalCheckpoint.config
    config["hidden_size"] = nil
    try MinimalCheckpoint.writeHuggingFace(to: folder, config: config)
    #expect(try sentence(about: folder.path).contains("hidden_size"))
  }

  @Test(arguments: [
    (["-p", "Tell me a story.", "-c", "10"], "but the context holds 10"),
    (["-p", "hi", "-c", "2000"], "but the model was made for 1024"),
    (["-p", ""], "The prompt is empty"), (["--prompt-file", "-"], "The prompt is empty"),
    (["--prompt-ids", ""], "The prompt has no tokens"),
    (["--prompt-ids", "1,5000"], "Token id 5000 is outside the vocabulary of 1024 tokens"),
    (["--prompt-ids", "-1"], "Token id -1 is outside the vocabulary"),
    (["--prompt-file", "/nonexistent/prompt"], "/nonexistent/prompt cannot be read"),
    (["--prompt-file", "/"], "/ cannot be read"),
  ])
  func `a prompt that cannot be used`(arguments: [String], words: String) throws {
    let found = try sentence(LookaheadProcess.tinyLlama + arguments, status: 2)
    #expect(found.contains(words))
  }

  @Test func `a prompt that is not UTF-8`() throws {
    let arguments = LookaheadProcess.tinyLlama + ["--prompt-file", "-"]
    #expect(
      try sentence(arguments, status: 2, input: [0x61, 0xC3]) == "Standard input is not UTF-8 text."
    )
  }

  @Test func `a message for a model without tokenizer or template`() throws {
    let folder = try TemporaryFolder()
    try MinimalCheckpoint.writeHuggingFace(to: folder)
    #expect(
      try sentence(["-m", folder.path, "-p", "hi"], status: 2).contains(
        "lacks tokenizer.json, so prompts must be token ids (--prompt-ids)"))
    let found = try sentence(["-m", FixturePath.path("tiny-llama3"), "-p", "hi"], status: 2)
    #expect(found.contains("no chat template"))
    #expect(found.contains("--raw"))
  }

  @Test func `ids that the tokenizer does not have`() throws {
    let arguments = ["tokenize"] + LookaheadProcess.tinyLlama.prefix(2) + ["--decode", "3,5000"]
    #expect(try sentence(arguments, status: 2).contains("Token id 5000"))
  }

  @Test(arguments: [
    (["-W", "0", "-N", "1"], "The n-gram size N is 1, but must be at least 2"),
    (["-W", "1", "-N", "4000", "-G", "0"], "4000000 rows while the window warms up"),
    (["-W", "9223372036854775807"], "a pass could have"), (["-t", "1000000"], "from 1 to 1024"),
    (["-W", "-1"], "W"), (["-G", "-1"], "G"), (["-W", "5000"], "a pass could have"),
    (["-n", "0"], "The number of tokens is 0, but must be at least 1"), (["-c", "0"], "context"),
    (["--prefill-chunk", "0"], "prefill chunk"), (["-t", "0"], "The number of threads is 0"),
    (["--pool-sources", "window,files"], "not 'files'"), (["--matmul", "fast"], "exact"),
    (["--frobnicate"], "Unknown option '--frobnicate'"), (["extra"], "extra"),
    (["--prompt-ids", "1"], "Only one of"), (["-n", "many"], "'many'"),
    (["--compare", "--decoding", "autoregressive"], "--compare"),
    (["--raw", "--system", "x"], "--system"), (["--temperature", "-1"], "temperature is -1.0"),
    (["--temperature", "nan"], "temperature is nan"), (["--top-k", "-1"], "The top-k is -1"),
    (["--top-p", "0"], "The top-p is 0.0"), (["--min-p", "1.5"], "The min-p is 1.5"),
    (["--repeat-penalty", "0"], "The repetition penalty is 0.0"),
    (["--frequency-penalty", "inf"], "The frequency penalty is inf"),
    (["--presence-penalty", "nan"], "The presence penalty is nan"),
    (["--repeat-last-n", "-2"], "The penalty window is -2"),
    (["--logit-bias", "5"], "'5' is invalid"), (["--logit-bias", "x=1"], "'x=1' is invalid"),
    (["--logit-bias", "5=inf"], "The bias of token 5 is inf"),
    (["--logit-bias", "5=1", "--logit-bias", "5=2"], "Token 5 has more than one --logit-bias"),
    (["--seed", "-1"], "seed"), (["--stop", ""], "A stop string is empty"),
    (["--decoding", "autoregressive", "-W", "3"], "--decoding autoregressive makes one token"),
    (["--decoding", "autoregressive", "-N", "3"], "so -N cannot be given"),
    (["--decoding", "autoregressive", "-G", "3"], "so -G cannot be given"),
    (["--decoding", "autoregressive", "--policy", "lade"], "--policy"),
    (["--decoding", "autoregressive", "--pool-sources", "prompt"], "--pool-sources"),
    (["--decoding", "autoregressive", "--no-tree"], "--no-tree"),
    (["--policy", "paper", "--schedule", "auto"], "The policy paper has a fixed schedule"),
    (["--policy", "paper", "-W", "0"], "W of the policy paper is 0"),
    (["--pool-sources", "prompt,output", "-W", "5"], "-W 5 is of no use"),
    (["--pool-sources", "prompt", "--pool-cache", "x"], "does not name the file"),
  ])
  func `wrong usage`(arguments: [String], words: String) throws {
    let all = LookaheadProcess.tinyLlama + ["-p", "hi"] + arguments
    let found = try sentence(all, status: 64)
    #expect(found.contains(words))
    #expect(found.hasSuffix("; see lookahead generate --help."))
  }

  @Test(arguments: [[], ["generate"], ["tokenize"], ["tokenize", "a", "-p", "b"], ["explain"]])
  func `a command without what it needs`(_ arguments: [String]) throws {
    _ = try sentence(arguments, status: 64)
  }

  @Test(
    arguments: [
      [], ["generate"], ["chat"], ["bench"], ["trace"], ["forward"], ["inspect"], ["tokenize"],
    ])
  func `every command has help with an example`(_ command: [String]) throws {
    let run = try LookaheadProcess.run(command + ["--help"])
    #expect(run.status == 0)
    #expect(run.diagnostics.isEmpty)
    #expect(run.output.contains("Example"))
    #expect(run.output.contains("  lookahead \(command.first ?? "-p")"))
  }
}
