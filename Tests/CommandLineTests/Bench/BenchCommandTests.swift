import Foundation
import Tensor
import TestSupport
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// `lookahead bench` as a program, on the fixture model.
struct BenchCommandTests {
  /// As little as can be measured.
  private static let quick = ["--rows", "1,2", "--repeat", "1", "--sweep", "4", "--context", "8"]

  private func bench(
    _ arguments: [String], _ environment: [String: String] = [:]
  ) throws -> LookaheadProcess.Outcome {
    try LookaheadProcess.run(
      ["bench"] + LookaheadProcess.tinyLlama + Self.quick + arguments, environment: environment)
  }

  @Test func `the JSON object has every figure`() throws {
    let run = try bench(["--json"])
    #expect(run.status == 0)
    #expect(run.diagnostics.isEmpty)
    #expect(run.output.filter(\.isNewline).count == 1)
    let object = try run.object()
    #expect(
      Set(object.keys) == [
        "date", "model", "machine", "memory", "context", "repeats", "paths", "prompts",
        "interrupted",
      ])
    #expect(object["prompts"] is NSNull)
    #expect(object["interrupted"] as? Bool == false)
    #expect(object["context"] as? Int == 8)
    let machine = try #require(object["machine"] as? [String: Any])
    #expect(machine["threads"] as? Int == 1)
    #expect(machine["sweep_bytes"] as? Int == 4 << 20)
    for key in ["read_bandwidth", "arithmetic_peak"] {
      let spread = try #require(machine[key] as? [String: Double])
      #expect(Set(spread.keys) == ["median", "minimum", "maximum", "count"])
      #expect(spread["count"] == 2)
      #expect((spread["minimum"] ?? 0) > 0)
    }
    let memory = try #require(object["memory"] as? [String: Any])
    #expect(memory["weight_bytes"] as? Int == 869_504 * 4 - 9 * 128 * 4)
    #expect((memory["over_weights"] as? Double ?? 0) > 1)
    let paths = try #require(object["paths"] as? [[String: Any]])
    #expect(paths.map { $0["matmul"] as? String } == ["exact", "blas"])
    #expect(paths.map { $0["kv_cache"] as? String } == ["float32", "float32"])
    for path in paths { try check(path) }
  }

  private func check(_ path: [String: Any]) throws {
    #expect((path["load_seconds"] as? Double ?? 0) > 0)
    let passes = try #require(path["passes"] as? [[String: Any]])
    #expect(passes.map { $0["rows"] as? Int } == [1, 2])
    #expect(passes[0]["ratio"] as? Double == 1)
    let bytes = try #require(path["streamed_bytes"] as? Double)
    for pass in passes {
      let milliseconds = try #require((pass["milliseconds"] as? [String: Double])?["median"])
      let speed = try #require(pass["gigabytes_per_second"] as? Double)
      #expect(abs(speed * milliseconds * 1e6 / bytes - 1) < 1e-9)
      let operations = try #require(pass["operations"] as? Double)
      let flops = try #require(pass["gigaflops_per_second"] as? Double)
      #expect(abs(flops * milliseconds * 1e6 / operations - 1) < 1e-9)
      for key in ["bandwidth_share", "peak_share", "limit_milliseconds"] {
        #expect((pass[key] as? Double ?? 0) > 0)
      }
    }
    #expect((path["prefill"] as? [String: Any])?["tokens"] as? Int == 512)
    let attention = try #require(path["attention"] as? [String: Any])
    #expect(attention["rows"] as? Int == 16)
    #expect(attention["context"] as? Int == 1_008)
    #expect(0...1 ~= (attention["share"] as? Double ?? -1))
  }

  @Test(arguments: ["exact", "blas"])
  func `one path alone can be measured`(path: String) throws {
    let run = try bench(["--matmul", path])
    #expect(run.status == 0)
    let titles = run.output.split(separator: "\n").filter { $0.hasPrefix("A pass over T rows") }
    #expect(titles.count == 1)
    #expect(titles.first?.contains("\(path) products") == true)
    for words in ["read bandwidth", "arithmetic peak", "peak memory", "prefill of 512 tokens"] {
      #expect(run.output.contains(words))
    }
  }

  @Test func `a float16 cache is named, and counted as half the memory`() throws {
    let bytes = try KeyValueFormat.allCases.map { format in
      let run = try bench(["--matmul", "exact", "--kv-cache", format.rawValue, "--json"])
      let object = try run.object()
      let paths = try #require(object["paths"] as? [[String: Any]])
      #expect(paths.map { $0["kv_cache"] as? String } == [format.rawValue])
      return try #require((object["memory"] as? [String: Any])?["cache_bytes"] as? Int)
    }
    #expect(bytes[0] == 2 * bytes[1] && bytes[1] > 0)
  }

  @Test func `without a pass of one row there is no ratio`() throws {
    let run = try LookaheadProcess.run(
      ["bench"] + LookaheadProcess.tinyLlama
        + ["--rows", "2", "--repeat", "1", "--sweep", "4", "--matmul", "exact", "--json"])
    let paths = try #require(try run.object()["paths"] as? [[String: Any]])
    let pass = try #require((paths.first?["passes"] as? [[String: Any]])?.first)
    #expect(pass["ratio"] is NSNull)
  }

  /// What `--json` says of each setting that prompts were decoded in.
  private static func settings(_ run: LookaheadProcess.Outcome) throws -> [[String: Any]] {
    let prompts = try #require(try run.object()["prompts"] as? [String: Any])
    return try #require(prompts["settings"] as? [[String: Any]])
  }

  @Test func `prompts are decoded in both ways and put into groups`() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write(
      """
      {"id": "a", "set": "s", "kind": "story", "chat": true, "prompt": "Tell me a story."}
      {"id": "b", "kind": "story", "chat": false, "prompt": "Once upon a time"}
      {"id": "c", "set": "s", "chat": false, "prompt": "The fox"}
      """, to: "prompts.jsonl")
    let arguments =
      ["--prompts", file, "--tokens", "12", "--matmul", "exact", "-W", "2", "-G", "1"]
    let run = try bench(arguments + ["--json"])
    #expect(run.status == 0)
    let prompts = try #require(try Self.settings(run).first)
    #expect(prompts["window"] as? Int == 2 && prompts["candidates"] as? Int == 1)
    let results = try #require(prompts["results"] as? [[String: Any]])
    #expect(results.map { $0["id"] as? String } == ["a", "b", "c"])
    for result in results {
      #expect(result["tokens_equal"] as? Bool == true && result["logits_equal"] as? Bool == true)
      #expect(result["tokens"] as? Int == 12)
      #expect((result["speedup"] as? Double ?? 0) > 0)
    }
    let groups = try #require(prompts["groups"] as? [[String: Any]])
    #expect(groups.map { $0["name"] as? String } == ["all", "s", "story"])
    #expect(groups.map { $0["prompts"] as? Int } == [3, 2, 2])
    #expect(groups.allSatisfy { $0["different"] as? Int == 0 })
    let table = try bench(arguments).output
    for words in ["set s", "kind story", "mean speed-up"] { #expect(table.contains(words)) }
  }

  @Test func `the exit status follows whether the prompts' tokens and logits are equal`() throws {
    // OpenBLAS rounds as it likes, so the logits may well differ.
    let prompts = FixturePath.path("prompts.jsonl")
    let run = try bench(["--prompts", prompts, "--tokens", "20", "--matmul", "blas", "--json"])
    let report = try #require(try Self.settings(run).first)
    let results = try #require(report["results"] as? [[String: Any]])
    #expect(results.count == 14)
    let isEqual = results.allSatisfy {
      $0["tokens_equal"] as? Bool == true && $0["logits_equal"] as? Bool == true
    }
    #expect(run.status == (isEqual ? 0 : 1))
  }

  @Test func `the chart is well-formed and has one point for each size and path`() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("cost.svg")
    try folder.write("older", to: "cost.svg")
    #expect(try bench(["--svg", path, "--json"]).status == 0)
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    #expect(names == ["cost.svg"])
    let data = try Data(contentsOf: URL(fileURLWithPath: path))
    let document = SVGReader()
    let parser = XMLParser(data: data)
    parser.delegate = document
    #expect(parser.parse())
    #expect(document.classes.count { $0 == "m0 point" } == 2)
    #expect(document.classes.count { $0 == "m1 point" } == 2)
    #expect(document.classes.contains("limit arithmetic"))
    #expect(document.text.contains("milliseconds"))
    #expect(document.text.contains("T, rows of the pass"))
  }

  @Test(arguments: [
    (["--context", "1023"], "the model was made for 1,024 tokens"),
    (["--context", "9223372036854775807"], "the model was made for 1,024 tokens"),
    (["--rows", "2000"], "the model was made for 1,024 tokens"),
    (["--prompts", "/nonexistent/prompts"], "/nonexistent/prompts cannot be read"),
    (["--svg", "/nonexistent/a.svg"], "/nonexistent/a.svg cannot be written"),
    (["--svg", "/"], "/ cannot be written"),
  ])
  func `what cannot be measured is refused in one sentence`(
    arguments: [String], words: String
  ) throws {
    let all = ["bench"] + LookaheadProcess.tinyLlama + ["--repeat", "1"] + arguments
    let run = try LookaheadProcess.run(all)
    #expect(run.status == 2)
    #expect(run.output.isEmpty)
    #expect(run.diagnosticLines.count == 1)
    #expect(run.diagnostics.contains(words), "\(run.diagnostics)")
  }

  @Test(arguments: [
    ["--rows", "0"], ["--rows", "1,x"], ["--repeat", "0"], ["--context", "-1"], ["--sweep", "0"],
    ["--sweep", "9223372036854775807"], ["--tokens", "0"], ["--matmul", "fast"], ["-N", "1"],
    ["-W", "-1"], ["extra"], ["--ablation"], ["--clock", "1:2"],
    ["--prompts", "-", "--clock", "2:1"], ["--prompts", "-", "--clock", "1:2,1:3"],
    ["--prompts", "-", "--clock", "1:0"], ["--prompts", "-", "--clock", "1:2,"],
    ["--prompts", "-", "--ablation", "--no-tree"], ["--prompts", "-", "--rounds", "0"],
    ["--prompts", "-", "--ablation", "--schedule", "fixed"],
    ["--prompts", "-", "--rounds", "9223372036854775807"], ["--repeat", "9223372036854775807"],
    ["-W", "3"], ["--tokens", "9"], ["--rounds", "2"], ["--temperature", "1"], ["--no-tree"],
    ["--prompts", "-", "--clock", "1:2", "--repeat", "3"],
    ["--prompts", "-", "--clock", "1:2", "--rows", "1"],
    ["--prompts", "-", "--clock", "1:2", "--context", "8"],
    ["--prompts", "-", "--clock", "1:2", "--sweep", "4"],
    ["--prompts", "-", "--clock", "1:1e308"], ["--prompts", "-", "--clock", "1:1e-300"],
  ])
  func `wrong usage`(arguments: [String]) throws {
    let run = try LookaheadProcess.run(["bench"] + LookaheadProcess.tinyLlama + arguments)
    #expect(run.status == 64)
    #expect(run.output.isEmpty)
    #expect(run.diagnostics.hasSuffix("; see lookahead bench --help.\n"))
  }

  @Test(arguments: [
    (["--rows", "5000"], "'5000' is not a number from 1 to 4,096"),
    (["--rows", "1,,2"], "'' is not a number from 1 to 4,096"),
    (["--clock", "2:5"], "The rows must begin with 1 and ascend"),
    (["--clock", "1:1e10"], "1e10 milliseconds are not from 1e-06 to 1000000000"),
    (["--clock", "1"], "'1' is not a number of rows, a colon and milliseconds"),
  ])
  func `why a list is refused is said`(arguments: [String], words: String) throws {
    let run = try LookaheadProcess.run(["bench", "--prompts", "-"] + arguments)
    #expect(run.status == 64 && run.diagnosticLines.count == 1)
    #expect(run.diagnostics.contains(words), "\(run.diagnostics)")
  }

  @Test func `an interruption shows what there is`() throws {
    let run = LookaheadProcess(
      ["bench", "--threads", "1", "--rows", "1", "--repeat", "100000", "--sweep", "4", "--json"],
      environment: ["LOOKAHEAD_MODEL": FixturePath.path("tiny-llama")])
    try run.process.run()
    // The model's name comes before the measurements do.
    run.waitForDiagnostics()
    Thread.sleep(forTimeInterval: 2 * Sanitizer.patience)
    kill(run.process.processIdentifier, SIGINT)
    let outcome = try run.finish()
    #expect(outcome.status == 130)
    let object = try outcome.object()
    #expect(object["interrupted"] as? Bool == true)
    let paths = try #require(object["paths"] as? [[String: Any]])
    #expect((paths.first?["passes"] as? [[String: Any]])?.count == 1)
    #expect(paths.first?["prefill"] is NSNull)
  }
}

/// Collects classes and text of a chart.
private final class SVGReader: NSObject, XMLParserDelegate {
  private(set) var classes: [String] = []
  private(set) var text = ""

  func parser(
    _ parser: XMLParser, didStartElement elementName: String, namespaceURI: String?,
    qualifiedName: String?, attributes: [String: String]
  ) {
    if let name = attributes["class"] { classes.append(name) }
  }

  func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }
}
