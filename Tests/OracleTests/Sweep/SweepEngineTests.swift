import Llama
import Tensor
import TestSupport
import Testing

@testable import Oracle

/// Engines that run a sweep: this project's own, and one whose arithmetic depends on the number of rows.
struct SweepEngineTests {
  /// The logits of the continuation, `[continuation, vocabularySize]`, for each number of rows.
  static func run(
    _ plan: SweepPlan, on model: some CausalLanguageModel,
    changing change: (Matrix, Int) -> [Float] = { logits, _ in logits.elements }
  ) throws -> [(rows: Int, logits: [Float])] {
    try plan.sweeps.map { sweep in
      var cache = model.makeCache()
      _ = try model.forward(
        PassRequest(causal: plan.prefix, cachedCount: 0, logitRows: []), cache: &cache)
      try cache.keep(newRows: Array(plan.prefix.indices))
      var logits: [Float] = []
      for pass in sweep.passes {
        let mask = AttentionMask(
          cachedCount: pass.cachedCount, queries: pass.tokens.count,
          seesRow: { pass.mask[$0][$1] == 1 })
        let rows = Array(pass.tokens.indices)
        let found = try model.forward(
          tokens: pass.tokens, positions: pass.positions, mask: mask, logitRows: rows, cache: &cache
        )
        try cache.keep(newRows: rows)
        logits += change(found, sweep.rows)
      }
      return (sweep.rows, logits)
    }
  }

  static func plan(_ model: LlamaModel, count: Int, rows: [Int]) throws -> SweepPlan {
    let prefix = try TracedRun.prompt()
    let continuation = try SweepReference.continuation(of: prefix, count: count, by: model)
    return try SweepPlan(
      producer: TraceHeader.Producer(version: "0"),
      model: TraceModel(
        name: "m", sha256: "", format: "", parameters: 1, configuration: model.configuration),
      prefix: prefix, continuation: continuation, rows: rows)
  }

  /// Writes what an engine computed beside a new plan, and reads it.
  static func report(
    _ plan: SweepPlan, _ results: [(rows: Int, logits: [Float])]
  ) throws -> SweepReport {
    let folder = try TemporaryFolder()
    let path = folder.file("sweep")
    try plan.write(to: path)
    let shape = [plan.continuation.count, plan.model.configuration.vocabularySize]
    for (rows, logits) in results {
      let tensor = SafetensorsWriter.Tensor("logits", shape: shape, values: logits)
      try folder.write(
        SafetensorsWriter([tensor]).bytes(), to: "sweep/rows-\(rows).safetensors")
    }
    return try SweepReader.read(path, plan: SweepPlan(folder: path))
  }

  @Test func `the continuation is plain decoding's, to the end of the context at most`() throws {
    let model = try TestModels.tinyLlama.get()
    let plan = try Self.plan(model, count: 6, rows: [2])
    var text = plan.prefix
    for token in plan.continuation {
      var cache = model.makeCache()
      let logits = try model.forward(
        PassRequest(causal: text, cachedCount: 0, logitRows: [text.count - 1]), cache: &cache)
      #expect((0..<logits.columns).allSatisfy { logits[0, $0] <= logits[0, token] })
      text.append(token)
    }
    let scripted = ScriptedModel(seed: 1, contextLength: 10)
    let prefix = [1, 2, 3, 4, 5, 6, 7]
    let found = try SweepReference.continuation(of: prefix, count: 32, by: scripted)
    #expect(found == scripted.continuation(of: prefix, count: 3))
    #expect(throws: SweepError.noRoom(prefix: 9, contextLength: 10)) {
      try SweepReference.continuation(of: prefix + [8, 9], count: 2, by: scripted)
    }
    #expect(throws: CancellationError.self) {
      try SweepReference.continuation(of: prefix, count: 3, by: scripted) {
        if $0 == 1 { throw CancellationError() }
      }
    }
  }

  @Test(arguments: [1, 2, 3], [MatrixProductPath.exact, .int16, .int8])
  func `our own arithmetic does not depend on the number of rows`(
    threads: Int, path: MatrixProductPath
  ) throws {
    let name = path == .exact ? "tiny-llama" : "gguf/quantised-q4_1.gguf"
    let model = try TestModels.model(name, threads: threads, path: path)
    let prefix = Array(1...9)
    let continuation = try SweepReference.continuation(of: prefix, count: 32, by: model)
    let plan = try SweepPlan(
      producer: TraceHeader.Producer(version: "0"),
      model: TraceModel(
        name: "m", sha256: "", format: "", parameters: 1, configuration: model.configuration),
      prefix: prefix, continuation: continuation, rows: [1, 2, 3, 4, 5, 7, 8, 16, 31, 32])
    let report = try Self.report(plan, Self.run(plan, on: model))
    #expect(report.verdict == .independent, "\(report.sentence)")
    #expect(report.figures.allSatisfy { $0.compared == 32 })
    if path == .exact { #expect(report.otherThanText == 0) }
  }

  @Test func `arithmetic that depends on the number of rows is found`() throws {
    let model = try TestModels.tinyLlama.get()
    let plan = try Self.plan(model, count: 16, rows: [2, 4, 8])
    // As where another kernel begins at four rows: other roundings, of every logit.
    let results = try Self.run(plan, on: model) { logits, rows in
      rows < 4 ? logits.elements : logits.elements.map { $0 * (1 + .ulpOfOne) }
    }
    let report = try Self.report(plan, results)
    #expect(report.verdict == .values && report.valuesChangeFrom == 4)
    #expect(report.figures.map(\.different) == [0, 16, 16])
    #expect(report.sentence.contains("bits change from 4 rows on"))
  }

  @Test func `a flip is settled by the model that made the text`() throws {
    let model = try TestModels.tinyLlama.get()
    let plan = try Self.plan(model, count: 8, rows: [2, 8])
    let next = plan.continuation[4]
    // Row 3 among eight: another token leads.
    let results = try Self.run(plan, on: model) { logits, rows in
      var elements = logits.elements
      if rows == 8 { elements[3 * logits.columns + 9] = elements[3 * logits.columns + next] + 1 }
      return elements
    }
    var report = try Self.report(plan, results)
    try report.settle(by: model, plan: plan)
    let flip = try #require(report.figures[1].flips.first)
    #expect((flip.row, flip.alone, flip.among) == (3, next, 9))
    let reference = try #require(flip.reference)
    #expect(reference.placeOfAlone == 1 && reference.placeOfAmong > 1)
    // Alone the engine is the reference.
    #expect(reference.margin == flip.leadAlone)
  }

  @Test func `of OpenBLAS's products the report says what the bits say`() throws {
    let exact = try TestModels.tinyLlama.get()
    let plan = try Self.plan(exact, count: 8, rows: [2, 8])
    let results = try Self.run(plan, on: TestModels.model("tiny-llama", path: .blas))
    let report = try Self.report(plan, results)
    let alone = results[0].logits.map(\.bitPattern)
    for (figures, result) in zip(report.figures, results.dropFirst()) {
      #expect((figures.different == 0) == (result.logits.map(\.bitPattern) == alone))
    }
  }
}
