import Foundation
import Llama
import TestSupport
import Testing

/// Sampling and stop strings as options of the program, on the fixture model.
struct SamplingOptionsTests {
  static let story = LookaheadProcess.tinyLlama + ["-p", "Tell me a story about a fox."]

  private func report(_ arguments: [String]) throws -> [String: Any] {
    let run = try LookaheadProcess.run(Self.story + arguments + ["--json"])
    #expect(run.status == 0)
    #expect(run.diagnostics.isEmpty)
    return try run.object()
  }

  private func ids(_ arguments: [String]) throws -> [Int] {
    try #require(try report(arguments)["output_ids"] as? [Int])
  }

  @Test func `a seed repeats a run, with and without lookahead, and another seed does not`() throws
  {
    let options = ["-n", "40", "--temperature", "1.2", "--top-p", "0.95"]
    let first = try ids(options + ["--seed", "7"])
    #expect(try first == ids(options + ["--seed", "7"]))
    #expect(try first == ids(options + ["--seed", "7", "--decoding", "autoregressive"]))
    #expect(try first == ids(options + ["--seed", "7", "-W", "6", "-N", "5", "-G", "6"]))
    #expect(try first != ids(options + ["--seed", "8"]))
    #expect(try first != ids(["-n", "40"]))
  }

  @Test func `compare holds for every sampling option at once`() throws {
    let object = try report([
      "-n", "60", "--temperature", "0.9", "--top-k", "50", "--top-p", "0.98", "--min-p", "0.01",
      "--repeat-penalty", "1.05", "--frequency-penalty", "-0.1", "--presence-penalty", "0.2",
      "--repeat-last-n", "-1", "--logit-bias", "5=-inf", "--logit-bias", "262=-0.5", "--seed", "3",
      "--compare",
    ])
    let comparison = try #require(object["compare"] as? [String: Any])
    #expect(comparison["tokens_equal"] as? Bool == true)
    #expect(comparison["logits_equal"] as? Bool == true)
    let sampling = try #require(object["sampling"] as? [String: Any])
    #expect(
      Set(sampling.keys) == [
        "temperature", "seed", "top_k", "top_p", "min_p", "repeat_penalty", "frequency_penalty",
        "presence_penalty", "repeat_last_n", "logit_bias",
      ])
    #expect(sampling["top_k"] as? Int == 50 && sampling["seed"] as? Int == 3)
    #expect(sampling["repeat_last_n"] is NSNull)
    let biases = try #require(sampling["logit_bias"] as? [String: Any])
    #expect(biases["5"] is NSNull && biases["262"] as? Double == -0.5)
  }

  @Test func `without a seed one is chosen and named, and it repeats the run`() throws {
    let object = try report(["-n", "20", "--temperature", "1"])
    let sampling = try #require(object["sampling"] as? [String: Any])
    let seed = try #require(sampling["seed"] as? Int)
    let again = try ids(["-n", "20", "--temperature", "1", "--seed", "\(seed)"])
    #expect(object["output_ids"] as? [Int] == again)
    let verbose = try LookaheadProcess.run(
      Self.story + ["-n", "2", "--temperature", "1", "--seed", "12", "--verbose"])
    #expect(verbose.diagnosticLines.contains("tokens drawn with seed 12"))
  }

  @Test func `a penalty or a bias changes greedy text too`() throws {
    let greedy = try ids(["-n", "30"])
    let biased = try ids(["-n", "30", "--logit-bias", "\(greedy[0])=-inf"])
    #expect(!biased.contains(greedy[0]))
    #expect(try ids(["-n", "30", "--repeat-penalty", "1.8"]) != greedy)
    let sampling = try #require(try report(["-n", "3"])["sampling"] as? [String: Any])
    #expect(sampling["seed"] is NSNull && sampling["temperature"] as? Double == 0)
  }

  @Test func `a stop string ends the text before it, in text and in JSON`() throws {
    let whole = try LookaheadProcess.run(Self.story + ["-n", "30"])
    #expect(whole.output.hasPrefix("Once upon a time there was a fox."))
    let stopped = try LookaheadProcess.run(
      Self.story + ["-n", "30", "--stop", "zebra", "--stop", "here wa"])
    #expect(stopped.output == "Once upon a time t\n")
    #expect(stopped.diagnostics.contains("finish reason stop"))
    let object = try report(["-n", "30", "--stop", "here wa", "--compare"])
    #expect(object["text"] as? String == "Once upon a time t")
    #expect(object["finish_reason"] as? String == "stop")
    let comparison = try #require(object["compare"] as? [String: Any])
    #expect(comparison["tokens_equal"] as? Bool == true)
  }

  @Test func `a conversation samples and stops as well, and its history has what was shown`() throws
  {
    let arguments =
      ["chat"] + LookaheadProcess.tinyLlama
      + ["--json", "-n", "40", "--temperature", "0.8", "--seed", "5", "--stop", "."]
    let input = Array("Tell me a story about a fox.\nTell me a story about a duck.\n".utf8)
    let run = try LookaheadProcess.run(arguments, input: input)
    #expect(run.status == 0)
    let again = try LookaheadProcess.run(
      arguments + ["--decoding", "autoregressive"], input: input)
    let texts = [run, again].map { $0.output.matches(of: /"text":"([^"]*)"/).map(\.1) }
    #expect(texts[0].count == 2 && texts[0] == texts[1])
    #expect(texts[0].allSatisfy { !$0.contains(".") })
  }

  @Test func `stop strings need a tokenizer, and a bias a token that exists`() throws {
    let folder = try TemporaryFolder()
    try MinimalCheckpoint.writeHuggingFace(to: folder)
    let withoutTokenizer = try LookaheadProcess.run(
      ["-m", folder.path, "--prompt-ids", "1,2", "--stop", "x"])
    #expect(withoutTokenizer.status == 2)
    #expect(withoutTokenizer.diagnostics.contains("stop strings (--stop) cannot be used."))
    let bias = try LookaheadProcess.run(Self.story + ["--logit-bias", "1024=1"])
    #expect(bias.status == 2)
    #expect(bias.diagnostics.contains("the vocabulary has the tokens 0 to 1023."))
  }
}
