import Foundation
import Llama
import TestSupport
import Testing

/// `lookahead generate` as a program, on the fixture model.
struct GenerateCommandTests {
  static let story = ["-p", "Tell me a story about a fox."]

  private func generate(
    _ arguments: [String], input: [UInt8] = [], environment: [String: String] = [:]
  ) throws -> LookaheadProcess.Outcome {
    try LookaheadProcess.run(
      LookaheadProcess.tinyLlama + arguments, input: input, environment: environment)
  }

  @Test func `standard output has the text and nothing else, standard error one line`() throws {
    let run = try generate(Self.story + ["-n", "12"])
    #expect(run.status == 0)
    #expect(run.output.hasPrefix("Once upon a time there was a fox."))
    #expect(run.output.hasSuffix("\n"))
    #expect(run.diagnosticLines.count == 1)
    let line = try #require(run.diagnosticLines.first)
    let counted = [
      "12 tokens, ", " passes, ", " tokens per pass, ", " tokens/s, ", "first token after ",
      "finish reason length",
    ]
    for words in counted { #expect(line.contains(words)) }
  }

  @Test func `generate is what the program does without a sub-command`() throws {
    let named = try LookaheadProcess.run(
      ["generate"] + LookaheadProcess.tinyLlama + Self.story + ["-n", "8"])
    #expect(try generate(Self.story + ["-n", "8"]).output == named.output)
  }

  @Test func `the JSON object has every field of the design`() throws {
    let run = try generate(Self.story + ["-n", "20", "--json"])
    let object = try run.object()
    #expect(run.status == 0)
    #expect(run.output.filter(\.isNewline).count == 1)
    #expect(run.diagnostics.isEmpty)
    let keys: Set = [
      "model", "prompt_ids", "output_ids", "text", "finish_reason", "decoding", "schedule",
      "window", "ngram",
      "candidates", "block_size", "passes", "rows", "tokens_per_pass", "seconds",
      "tokens_per_second",
      "time_to_first_token", "threads", "matmul", "kv_cache", "instruction_set",
      "logits_sha256",
      "passes_by_tokens", "guessed_tokens", "sampling",
    ]
    #expect(Set(object.keys) == keys)
    let model = try #require(object["model"] as? [String: Any])
    #expect(Set(model.keys) == ["path", "sha256", "format", "parameters"])
    #expect(model["parameters"] as? Int == 869_504)
    #expect(model["format"] as? String == "Hugging Face folder, F32")
    let seconds = try #require(object["seconds"] as? [String: Double])
    #expect(Set(seconds.keys) == ["load", "prefill", "decode"])
    #expect((object["output_ids"] as? [Int])?.count == 20)
    let guessed = try #require(object["guessed_tokens"] as? [String: Int])
    #expect(Set(guessed.keys) == ["window", "prompt", "output", "file"])
    let passes = try #require(object["passes"] as? Int)
    #expect(guessed.values.reduce(0, +) >= 20 - passes)
    #expect(object["window"] as? Int == 3)
    #expect(object["ngram"] as? Int == 8)
    #expect(object["candidates"] as? Int == 16)
    #expect(object["schedule"] as? String == "automatic")
    #expect(object["decoding"] as? String == "lookahead")
    #expect(object["finish_reason"] as? String == "length")
    #expect(object["threads"] as? Int == 1)
    #expect((object["logits_sha256"] as? String)?.count == 64)
    // The same text as for people, but for the line end.
    let text = try generate(Self.story + ["-n", "20"]).output
    #expect(object["text"] as? String == String(text.dropLast()))
  }

  @Test func `lookahead and plain decoding give the same ids and logits`() throws {
    let arguments = Self.story + ["-n", "60", "--json", "--schedule", "fixed"]
    let lookahead = try generate(arguments).object()
    let plain = try generate(arguments + ["--decoding", "autoregressive"]).object()
    for key in ["output_ids", "prompt_ids"] {
      #expect(lookahead[key] as? [Int] == plain[key] as? [Int])
    }
    for key in ["logits_sha256", "text", "finish_reason"] {
      #expect(lookahead[key] as? String == plain[key] as? String)
    }
    #expect(plain["window"] is NSNull && plain["ngram"] is NSNull && plain["candidates"] is NSNull)
    #expect(plain["passes"] as? Int == 60)
    #expect(plain["tokens_per_pass"] as? Double == 1)
    #expect((lookahead["passes"] as? Int ?? 60) < 60)
  }

  @Test(arguments: [[], ["--json"]])
  func `comparing says that tokens and logits are equal`(_ extra: [String]) throws {
    let run = try generate(Self.story + ["-n", "30", "--compare"] + extra)
    #expect(run.status == 0)
    guard !extra.isEmpty else {
      #expect(run.diagnosticLines.count == 2)
      #expect(run.diagnostics.contains("the same tokens and bit for bit the same logits"))
      #expect(run.diagnostics.contains("times as fast"))
      return
    }
    let comparison = try #require(try run.object()["compare"] as? [String: Any])
    #expect(comparison["tokens_equal"] as? Bool == true)
    #expect(comparison["logits_equal"] as? Bool == true)
    #expect(comparison["first_different_token"] is NSNull)
    #expect(comparison["first_different_logits"] is NSNull)
    #expect((comparison["speedup"] as? Double ?? 0) > 0)
    #expect((comparison["autoregressive_tokens_per_second"] as? Double ?? 0) > 0)
    #expect(comparison["autoregressive_passes"] as? Int == 30)
  }

  @Test func `the exit status of a comparison follows its result`() throws {
    // OpenBLAS rounds as it likes, so the logits may well differ.
    let run = try generate(Self.story + ["-n", "30", "--compare", "--json", "--matmul", "blas"])
    let comparison = try #require(try run.object()["compare"] as? [String: Any])
    let isEqual =
      comparison["tokens_equal"] as? Bool == true && comparison["logits_equal"] as? Bool == true
    #expect(run.status == (isEqual ? 0 : 1))
    #expect((comparison["first_different_logits"] is NSNull) == isEqual)
  }

  @Test func `a prompt may come from a file and from standard input`() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write("Tell me a story about a fox.\n", to: "prompt.txt")
    let expected = try generate(Self.story + ["-n", "8"]).output
    #expect(try generate(["--prompt-file", file, "-n", "8"]).output == expected)
    let input = Array("Tell me a story about a fox.\n".utf8)
    #expect(try generate(["--prompt-file", "-", "-n", "8"], input: input).output == expected)
  }

  @Test func `token ids are continued as they are`() throws {
    let chat = try generate(Self.story + ["-n", "8", "--json"]).object()
    let ids = try #require(chat["prompt_ids"] as? [Int])
    let list = ids.map(String.init).joined(separator: ",")
    let run = try generate(["--prompt-ids", list, "-n", "8", "--json"]).object()
    #expect(run["prompt_ids"] as? [Int] == ids)
    #expect(run["output_ids"] as? [Int] == chat["output_ids"] as? [Int])
  }

  @Test func `a raw prompt does not go through the chat template`() throws {
    let text = "Once upon a time there was a"
    let run = try generate(["--raw", "-p", text, "-n", "4", "--json"]).object()
    let tokenized = try LookaheadProcess.run(
      ["tokenize", "--json", text] + LookaheadProcess.tinyLlama.prefix(2))
    #expect(run["prompt_ids"] as? [Int] == (try tokenized.object()["ids"] as? [Int]))
  }

  @Test func `a system message takes the place of the template's own`() throws {
    let run = try generate(Self.story + ["--system", "You are a fox.", "-n", "2", "--json"])
    let own = try generate(Self.story + ["-n", "2", "--json"])
    let ids = try #require(try run.object()["prompt_ids"] as? [Int])
    #expect(ids != (try own.object()["prompt_ids"] as? [Int]))
    let text = try LookaheadProcess.run(
      ["tokenize", "--decode", ids.map(String.init).joined(separator: ",")]
        + LookaheadProcess.tinyLlama.prefix(2))
    #expect(text.output.hasPrefix("<|im_start|>system\nYou are a fox.<|im_end|>\n"))
  }

  @Test func `the text ends where the model ends it, unless that is ignored`() throws {
    let question = ["-p", "What does the bear eat?", "-n", "40", "--json"]
    let short = try generate(question).object()
    #expect(short["finish_reason"] as? String == "stop")
    let long = try generate(question + ["--ignore-eos"]).object()
    #expect(long["finish_reason"] as? String == "length")
    let ids = try #require(short["output_ids"] as? [Int])
    #expect(ids.count < 40)
    #expect((long["output_ids"] as? [Int])?.starts(with: ids) == true)
  }

  @Test(arguments: [
    ["-W", "0"], ["-G", "0"], ["-W", "0", "-G", "0"], ["-W", "9", "-N", "2"], ["--seed", "7"],
    ["--pool-sources", "window"], ["--pool-sources", "prompt,output"], ["--pool-sources", "none"],
    ["--policy", "lade"], ["--policy", "paper"], ["--policy", "paper", "-W", "5", "-N", "2"],
    ["--no-tree"], ["--schedule", "fixed"],
    ["--schedule", "auto", "-N", "4"], ["--pool-sources", "file"],
    ["--prefill-chunk", "3"], ["--threads", "2"], ["--instruction-set", "portable"], ["-c", "100"],
  ])
  func `options that concern speed do not change the text`(_ options: [String]) throws {
    let arguments = Self.story + ["-n", "30", "--json"]
    let (run, expected) = (try generate(arguments + options), try generate(arguments))
    #expect(run.status == 0)
    for key in ["text", "logits_sha256"] {
      #expect(try run.object()[key] as? String == (try expected.object()[key] as? String))
    }
  }

  @Test func `a model without a tokenizer takes and gives ids`() throws {
    let folder = try TemporaryFolder()
    try MinimalCheckpoint.writeHuggingFace(to: folder)
    let arguments = ["-m", folder.path, "-t", "1", "--prompt-ids", "1, 3", "-n", "3"]
    let run = try LookaheadProcess.run(arguments + ["--ignore-eos"])
    #expect(run.status == 0)
    #expect(run.output.split(separator: ",").count == 3)
    let object = try LookaheadProcess.run(arguments + ["--ignore-eos", "--json"]).object()
    #expect(object["text"] is NSNull)
    let ids = try #require(object["output_ids"] as? [Int])
    #expect(run.output == ids.map(String.init).joined(separator: ",") + "\n")
  }

  @Test func `a float16 cache makes other logits, lookahead the same as plain decoding`() throws {
    let arguments = Self.story + ["-n", "30", "--json"]
    let float32 = try generate(arguments).object()
    let run = try generate(arguments + ["--kv-cache", "float16", "--compare"])
    #expect(run.status == 0)
    let float16 = try run.object()
    let comparison = try #require(float16["compare"] as? [String: Any])
    #expect(comparison["logits_equal"] as? Bool == true)
    #expect(float32["kv_cache"] as? String == "float32")
    #expect(float16["kv_cache"] as? String == "float16")
    #expect(float32["logits_sha256"] as? String != float16["logits_sha256"] as? String)
    let wrong = try generate(Self.story + ["--kv-cache", "f16"])
    #expect(wrong.status == 64 && wrong.diagnostics.contains("'float32' and 'float16'"))
  }

  @Test func `verbose says more on standard error`() throws {
    let run = try generate(Self.story + ["-n", "4", "--verbose"])
    #expect(run.diagnostics.contains("869,504 parameters"))
    #expect(run.diagnostics.contains("exact products on 1 thread"))
    #expect(run.diagnostics.contains(" instructions, float32 cache\n"))
    #expect(run.diagnostics.contains("passes × tokens"))
    #expect(run.output == (try generate(Self.story + ["-n", "4"]).output))
  }
}
