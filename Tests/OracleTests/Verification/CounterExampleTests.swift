import Foundation
import Llama
import Lookahead
import TestSupport
import Testing

@testable import Oracle

/// Faults of the fixture model: what is said of them, and the trace that shows them.
struct CounterExampleTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private var path: String { folder.file("counterexample") }

  /// What is found, with its trace.
  private func find(_ fault: FaultyModel.Fault) throws -> (
    found: Verification, example: CounterExample
  ) {
    var verifier = try VerificationFixture.verifier(fault)
    let plan = try VerificationFixture.plan()
    var found = try verifier.verify(plan)
    let model = TraceModel(
      name: "tiny-llama", sha256: "", format: "none", parameters: 1,
      configuration: try TestModels.tinyLlama.get().configuration)
    try verifier.trace(
      &found, producer: TraceHeader.Producer(version: "0"), model: model, arithmetic: .exact,
      to: path)
    return (found, try #require(found.counterExample))
  }

  /// Whether the smallest case fails, and nothing that is one step smaller.
  private func isSmallest(_ found: Verification, _ fault: FaultyModel.Fault) throws -> Bool {
    let model = FaultyModel(base: try TestModels.tinyLlama.get(), fault: fault)
    let smallest = try #require(found.smallestCase)
    return try VerificationFixture.differs(smallest, on: model)
      && VerificationFixture.smallerFailures(than: smallest, on: model).isEmpty
  }

  @Test func `a hidden key in passes of more than nine rows`() throws {
    let fault = FaultyModel.Fault.hiddenKey(rowsAbove: 9)
    let (found, example) = try find(fault)
    #expect(example.isSmallest)
    #expect(try isSmallest(found, fault))
    let pass = try #require(example.pass)
    #expect(10...16 ~= pass.rows)
    #expect(example.difference.kind == .logits)
    #expect(example.difference.index == example.maximumTokens - 1)
    #expect(example.logits?.count == 1_024)
    let trace = try Trace(folder: path)
    #expect(trace.header.prompt == example.prompt)
    #expect(trace.header.lookahead?.windowSize == example.setting.lookahead?.windowSize)
    #expect(trace.passes.count == pass.index + 1)
    let rows = try #require(trace.passes[pass.index].rows)
    #expect(rows.count == pass.rows)
    #expect(trace.passes[pass.index].selected?.first?.row == pass.row)
    // What the decoder asked for, not what the fault made of it.
    #expect(rows[1].visible?.cached.first?.lowerBound == 0)
  }

  @Test func `the last bit of one logit of a guess that was right`() throws {
    let fault = FaultyModel.Fault.lastBit(row: 1, token: 77)
    let (found, example) = try find(fault)
    #expect(try isSmallest(found, fault))
    #expect(example.difference.kind == .logits)
    #expect(example.difference.expectedToken == example.difference.foundToken)
    let logits = try #require(example.logits)
    #expect(logits.different == 1 && logits.token == 77)
    #expect(logits.expected?.nextUp == logits.found)
    #expect(logits.expectedBits.count == 8 && logits.expectedBits != logits.foundBits)
    // The row of a guess, which is chosen from after the current token's.
    let pass = try #require(example.pass)
    #expect(pass.row ?? 0 > 0)
    let trace = try Trace(folder: path)
    let traced = trace.passes[pass.index]
    let rows = try #require(traced.rows)
    #expect(rows[pass.row ?? 0].role == .candidate)
    #expect(rows[pass.row ?? 0].position == pass.position)
    #expect(traced.selected?.map(\.row).contains(pass.row ?? 0) == true)
    let tensors = try SafetensorsReader(path: "\(path)/\(try #require(traced.file))")
    let row = try #require(traced.logitRows?.firstIndex(of: pass.row ?? 0))
    #expect(try tensors.floats("logits")[row * 1_024 + 77] == logits.found)
    #expect(example.trace == path)
  }

  @Test func `rows that stay in the cache in place of others`() throws {
    let fault = FaultyModel.Fault.staleRows
    let (found, example) = try find(fault)
    #expect(try isSmallest(found, fault))
    #expect(example.difference.index >= 2)
    #expect(1...2 ~= example.setting.lookahead?.candidatesPerToken ?? 0)
    #expect(try Trace(folder: path).passes.count == (example.pass?.index ?? 0) + 1)
  }

  @Test func `a pass that cannot be run is a difference, and its trace ends before it`() throws {
    let fault = FaultyModel.Fault.refusal(rowsAbove: 30)
    let (found, example) = try find(fault)
    #expect(example.difference.kind == .error)
    #expect(example.difference.error?.contains("is outside the model's context") == true)
    #expect(example.pass == nil && example.logits == nil)
    #expect(try isSmallest(found, fault))
    #expect(try Trace(folder: path).tokens.isEmpty)
  }

  @Test func `a difference that does not come again is reported as it was found`() throws {
    let (_, example) = try find(.once(FaultyModel.Once(after: 200)))
    #expect(!example.isRepeatable && !example.isSmallest)
    #expect(example.setting == example.finding.setting)
    #expect(example.pass == nil && example.trace == nil)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
  }

  @Test func `a model without a fault has no counterexample and no trace`() throws {
    var verifier = try VerificationFixture.verifier(.none)
    var found = try verifier.verify(try VerificationFixture.plan())
    #expect(found.areAllRunsEqual)
    try verifier.trace(
      &found, producer: TraceHeader.Producer(version: "0"),
      model: TraceModel(
        name: "", sha256: "", format: "", parameters: 0,
        configuration: try TestModels.tinyLlama.get().configuration),
      arithmetic: .exact, to: path)
    #expect(!FileManager.default.fileExists(atPath: path))
  }
}
