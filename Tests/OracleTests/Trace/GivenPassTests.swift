import Foundation
import Llama
import Lookahead
import Oracle
import TestSupport
import Testing

@Suite("Traces of given passes")
struct GivenPassTests {
  /// Runs a pass and returns its trace and the tensors of the pass itself.
  static func run(
    _ pass: GivenPass, on model: some InspectableModel,
    showing selection: TensorSelection = TensorSelection(), chunk: Int = 128
  ) throws -> (trace: Trace, tensors: SafetensorsReader) {
    let folder = try TemporaryFolder()
    let header = TraceHeader(
      producer: TraceHeader.Producer(version: "0"),
      model: TraceModel(
        name: "m", sha256: "", format: "", parameters: 1,
        configuration: model.configuration),
      arithmetic: .exact, decoder: .forward, prompt: pass.cached)
    let recorder = try TraceRecorder(header, to: folder.file("t"))
    try recorder.run(pass, on: TracedModel(model, showing: selection, to: recorder), chunk: chunk)
    let trace = try Trace(folder: folder.file("t"))
    let file = TracePass.file(ofPass: trace.passes.count - 1)
    return (trace, try SafetensorsReader(path: folder.file("t/\(file)")))
  }

  /// The mask of a traced pass, from what it says of visible keys.
  static func mask(of pass: TracePass) throws -> AttentionMask {
    let cachedCount = try #require(pass.cachedCount)
    let visible = try #require(pass.rows).map { try #require($0.visible) }
    return AttentionMask(
      cachedCount: cachedCount, queries: visible.count,
      seesKey: { query, key in
        key < cachedCount
          ? visible[query].cached.contains { $0.contains(key) }
          : visible[query].rows.contains(key - cachedCount)
      })
  }

  @Test(
    "Each pass of a text, given by its trace, has the same bits",
    arguments: [TracedRun.Style.lookahead, .lade, .plain])
  func replay(style: TracedRun.Style) throws {
    let model = try TestModels.tinyLlama.get()
    let selection = TensorSelection(hidden: true, attention: [3])
    let run = try TracedRun(style, on: model, showing: selection)
    let text = run.trace.header.prompt + run.trace.tokens
    for pass in run.trace.passes {
      let (cachedCount, rows) = (try #require(pass.cachedCount), try #require(pass.rows))
      let given = GivenPass(
        cached: Array(text.prefix(cachedCount)), tokens: try rows.map { try #require($0.token) },
        positions: try rows.map { try #require($0.position) }, mask: try Self.mask(of: pass),
        logitRows: pass.logitRows)
      // In other chunks than the text was read in.
      let (trace, tensors) = try Self.run(given, on: model, showing: selection, chunk: 5)
      let original = try run.tensors(ofPass: try #require(pass.index))
      for name in ["logits", "hidden.0", "hidden.2", "hidden.4", "attention.3"] {
        #expect(try tensors.tensor(name).bytes == original.tensor(name).bytes, "\(name)")
      }
      #expect(trace.passes.last?.rows?.map(\.visible) == rows.map(\.visible))
      #expect(trace.passes.count == (cachedCount + 4) / 5 + 1)
    }
  }

  @Test(
    "A pass has the hidden states and logits of transformers",
    arguments: ["causal", "lookahead", "scattered", "scattered-cached"])
  func golden(name: String) throws {
    let golden = try ForwardGolden(folder: "tiny-llama", name: name)
    let given = GivenPass(
      cached: golden.cachedTokens, tokens: golden.tokens, positions: golden.positions,
      mask: golden.mask)
    let selection = TensorSelection(hidden: true)
    let (_, fast) = try Self.run(given, on: try TestModels.tinyLlama.get(), showing: selection)
    let (_, reference) = try Self.run(
      given, on: try TestModels.reference("tiny-llama"), showing: selection)
    for layer in 0...4 {
      let expected = try golden.hidden(layer).elements
      let found = try (fast.floats("hidden.\(layer)"), reference.doubles("hidden.\(layer)"))
      #expect(zip(found.0, expected).allSatisfy { abs($0 - $1) < 1e-4 }, "layer \(layer)")
      #expect(zip(found.1, expected).allSatisfy { abs($0 - Double($1)) < 1e-4 }, "layer \(layer)")
    }
    let logits = try golden.logits.elements
    #expect(zip(try fast.floats("logits"), logits).allSatisfy { abs($0 - $1) < 1e-4 })
  }

  @Test("Attention weights sum to 1 over the keys that a row sees, and are 0 for all others")
  func attention() throws {
    let golden = try ForwardGolden(folder: "tiny-llama", name: "scattered-cached")
    let given = GivenPass(
      cached: golden.cachedTokens, tokens: golden.tokens, positions: golden.positions,
      mask: golden.mask)
    let selection = TensorSelection(attention: [1, 2, 3, 4])
    let (_, fast) = try Self.run(given, on: try TestModels.tinyLlama.get(), showing: selection)
    let (_, reference) = try Self.run(
      given, on: try TestModels.reference("tiny-llama"), showing: selection)
    let keys = golden.cachedTokens.count + golden.tokens.count
    for name in (1...4).map({ "attention.\($0)" }) {
      let weights = try fast.floats(name)
      let truth = try reference.doubles(name)
      #expect(try fast.tensor(name).shape == [golden.tokens.count, 8, keys])
      for (index, weight) in weights.enumerated() {
        let (query, key) = (index / keys / 8, index % keys)
        #expect((weight > 0) == golden.mask.sees(query: query, key: key))
        #expect(abs(Double(weight) - truth[index]) < 1e-5)
      }
      for start in stride(from: 0, to: weights.count, by: keys) {
        #expect(abs(weights[start..<start + keys].reduce(0, +) - 1) < 1e-5)
      }
    }
  }

  @Test("Logits of all rows have the bits of those that were asked for")
  func allLogits() throws {
    let model = try TestModels.tinyLlama.get()
    let asked = try Self.run(GivenPass(tokens: [5, 6, 7, 8], logitRows: [3, 1]), on: model)
    let all = try Self.run(
      GivenPass(tokens: [5, 6, 7, 8], logitRows: [3, 1]), on: model,
      showing: TensorSelection(allLogits: true))
    #expect(asked.trace.passes[0].logitRows == [3, 1])
    #expect(all.trace.passes[0].logitRows == [0, 1, 2, 3])
    let (few, many) = try (asked.tensors.floats("logits"), all.tensors.floats("logits"))
    #expect(Array(few[..<1024]) == Array(many[3072...]))
    #expect(Array(few[1024...]) == Array(many[1024..<2048]))
  }

  @Test(
    "A pass that does not fit the model or itself is refused, and leaves nothing",
    arguments: [
      (GivenPass(tokens: [5000]), LlamaError.unknownToken(id: 5000, vocabularySize: 1024)),
      (
        GivenPass(tokens: [1], positions: [9999]),
        .positionOutOfRange(position: 9999, contextLength: 1024)
      ),
      (
        GivenPass(tokens: [1, 2], positions: [0]),
        .unequalCounts(tokens: 2, positions: 1, maskQueries: 2)
      ),
      (GivenPass(tokens: [1], logitRows: [1]), .logitRowOutOfRange(row: 1, rows: 1)),
      (GivenPass(cached: [-1], tokens: [1]), .unknownToken(id: -1, vocabularySize: 1024)),
    ])
  func refused(pass: GivenPass, error: LlamaError) throws {
    let model = try TestModels.tinyLlama.get()
    #expect(throws: error) { try Self.run(pass, on: model) }
  }
}
