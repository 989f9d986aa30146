import Foundation
import Llama
import Lookahead
import Oracle
import TestSupport
import Testing

@Suite("Traces of texts")
struct TraceRecorderTests {
  @Test(
    "A traced text has the tokens and the logits, bit for bit, of the same text without a trace",
    arguments: TracedRun.Style.allCases)
  func changesNothing(style: TracedRun.Style) throws {
    let model = try TestModels.tinyLlama.get()
    let run = try TracedRun(
      style, on: model,
      showing: TensorSelection(allLogits: true, hidden: true, attention: [1, 4]))
    let (result, settled) = try TracedRun.generate(style, on: model)
    #expect(run.result.tokens == result.tokens)
    #expect(run.settled == settled)
    #expect(run.trace.tokens == result.tokens)
    #expect(run.trace.finishReason == result.finishReason)
  }

  @Test("A trace repeats itself byte for byte", arguments: TracedRun.Style.allCases)
  func repeats(style: TracedRun.Style) throws {
    let runs = try [1, 3].map { threads in
      let model = try TestModels.model("tiny-llama", threads: threads)
      return try TracedRun(style, on: model, showing: TensorSelection(attention: [2]))
    }
    let names = try FileManager.default.contentsOfDirectory(atPath: runs[0].path).sorted()
    #expect(names == (try FileManager.default.contentsOfDirectory(atPath: runs[1].path).sorted()))
    #expect(names.count == runs[0].trace.passes.count + 1)
    for name in names {
      let contents = try runs.map {
        try Data(contentsOf: URL(fileURLWithPath: "\($0.path)/\(name)"))
      }
      #expect(contents[0] == contents[1], "\(name)")
    }
  }

  @Test(
    "The passes account for every token, every cached row and every row of logits",
    arguments: TracedRun.Style.allCases)
  func accounts(style: TracedRun.Style) throws {
    let run = try TracedRun(style, on: try TestModels.tinyLlama.get())
    let text = run.trace.header.prompt + run.trace.tokens
    var cached: [TokenID] = []
    var settled: [TokenID] = []
    for pass in run.trace.passes {
      #expect(pass.cachedCount == cached.count)
      let rows = try #require(pass.rows)
      #expect(rows.allSatisfy { $0.visible?.rows.isEmpty == false })
      cached += try #require(pass.acceptedRows).map { try #require(rows[$0].token) }
      #expect(rows.count { $0.role == .current } <= 1)
      let selected = try #require(pass.selected)
      if let first = selected.first { #expect(rows[first.row].role == .current) }
      settled += selected.map(\.token)
      let tensors = try run.tensors(ofPass: try #require(pass.index))
      let logits = try tensors.floats("logits")
      let vocabulary = 1024
      let logitRows = try #require(pass.logitRows)
      #expect(logits.count == logitRows.count * vocabulary)
      // Predictions are the largest logits of their rows.
      for answer in try #require(pass.frontier) + (style == .sampled ? [] : selected) {
        let index = try #require(logitRows.firstIndex(of: answer.row))
        let row = logits[index * vocabulary..<(index + 1) * vocabulary]
        #expect(row[row.startIndex + answer.token] == row.max())
      }
      for candidate in try #require(pass.candidates) {
        let path = try #require(candidate.rows)
        #expect(candidate.tokens == path.map { rows[$0].token })
        #expect(candidate.sources == path.compactMap { rows[$0].source })
        #expect(path.map { rows[$0].parent } == [0] + path.dropLast())
      }
    }
    #expect(settled == run.trace.tokens)
    #expect(cached == Array(text.prefix(cached.count)))
    #expect(cached.count == text.count - 1)
    let expectsWindow = ![.plain, .noWindow].contains(style)
    #expect(run.trace.passes.contains { $0.window != nil } == expectsWindow)
    #expect(run.trace.passes.contains { $0.candidates?.isEmpty == false } == (style != .plain))
  }

  @Test("The pool is what the passes added to it")
  func pool() throws {
    let run = try TracedRun(.lade, on: try TestModels.tinyLlama.get())
    let (n, g) = (3, 3)
    // The rule of docs/trace-format.md, by hand: n-grams by their first token, the last made last.
    var pool: [TokenID: [[TokenID]]] = [:]
    func file(_ key: TokenID, _ tokens: [TokenID]) {
      var known = pool[key] ?? []
      if let place = known.firstIndex(of: tokens) {
        known.remove(at: place)
      } else if known.count == g {
        known.removeFirst()
      }
      pool[key] = known + [tokens]
    }
    let prompt = run.trace.header.prompt
    for end in (n - 1)..<prompt.count {
      file(prompt[end - n + 1], Array(prompt[(end - n + 2)...end]))
    }
    var tried = 0
    for pass in run.trace.passes {
      if let current = pass.rows?.first?.token, pass.kind == .step,
        let candidates = pass.candidates, !candidates.isEmpty
      {
        #expect(candidates.map(\.tokens) == pool[current])
        tried += candidates.count
      }
      for addition in pass.pool?.added ?? [] { file(addition.after[0], addition.tokens) }
      if let count = pass.pool?.count { #expect(count == pool.values.reduce(0) { $0 + $1.count }) }
    }
    #expect(tried > 5)
  }

  @Test("The reference traces the same text, its numbers in F64 and close to the fast model's")
  func reference() throws {
    let selection = TensorSelection(hidden: true, attention: [1])
    let fast = try TracedRun(.lookahead, on: try TestModels.tinyLlama.get(), showing: selection)
    let true64 = try TracedRun(
      .lookahead, on: try TestModels.reference("tiny-llama"), arithmetic: .reference,
      showing: selection)
    #expect(true64.trace.tokens == fast.trace.tokens)
    #expect(true64.trace.passes == fast.trace.passes)
    for pass in fast.trace.passes {
      let index = try #require(pass.index)
      let files = try (fast.tensors(ofPass: index), true64.tensors(ofPass: index))
      for name in ["logits", "hidden.0", "hidden.4", "attention.1"] {
        let (type, shape, _) = try files.1.tensor(name)
        #expect(type == "F64")
        #expect(shape == (try files.0.tensor(name).shape))
        let pairs = zip(try files.0.floats(name), try files.1.doubles(name))
        #expect(pairs.allSatisfy { abs(Double($0) - $1) < 1e-4 }, "\(name) of pass \(index)")
      }
    }
  }

  @Test("A trace that is not finished leaves nothing behind")
  func unfinished() throws {
    let folder = try TemporaryFolder()
    let run = try TracedRun(.plain, on: try TestModels.tinyLlama.get())
    do {
      let recorder = try TraceRecorder(run.trace.header, to: folder.file("trace"))
      let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      #expect(names.count == 1 && names[0].hasPrefix("trace.partial-"), "\(names)")
      withExtendedLifetime(recorder) {}
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
  }

  @Test("Only a trace or an empty folder is replaced, and only if that is asked for")
  func existing() throws {
    let folder = try TemporaryFolder()
    let run = try TracedRun(.plain, on: try TestModels.tinyLlama.get())
    let writer = { (name: String, replacing: Bool) in
      let writer = try TraceWriter(run.trace.header, to: folder.file(name), replacing: replacing)
      try writer.finish(tokens: [], finishReason: nil)
    }
    try writer("a", false)
    #expect(throws: TraceError.exists(path: folder.file("a"))) { try writer("a", false) }
    try writer("a/", true)
    #expect(try Trace(folder: folder.file("a")).header == run.trace.header)
    try folder.write("precious", to: "b")
    #expect(throws: TraceError.notATrace(path: folder.file("b"))) { try writer("b", true) }
    #expect(throws: TraceError.notATrace(path: folder.path)) { try writer("", true) }
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    #expect(names == ["a", "b"])
  }

  @Test("Blocks that the model does not have cannot be shown", arguments: [0, 5, -1])
  func noSuchBlock(block: Int) throws {
    let model = try TestModels.tinyLlama.get()
    #expect(throws: TraceError.noSuchBlock(block, layerCount: 4)) {
      try TracedRun(.plain, on: model, showing: TensorSelection(attention: [1, block]))
    }
  }
}
