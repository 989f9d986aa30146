import Llama
import Tensor
import TestSupport
import Testing

@testable import Oracle

/// Verdicts on models with quantised weights, whose activations engines round.
struct QuantisedVerdictTests {
  private static let names = ["q4_0", "q4_1", "q8_0", "k", "small"].map {
    "gguf/quantised-\($0).gguf"
  }
  private static let tokens: [TokenID] = [1, 17, 33, 54, 99, 12, 77, 45, 60, 81, 102, 4]

  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// A trace of one pass with hidden states and logits.
  private func trace(_ name: String, _ path: MatrixProductPath) throws -> Recording {
    let model = try TestModels.model(name, path: path)
    let target = folder.file("\(path)")
    let recorder = try TraceRecorder(
      TraceHeader(
        producer: TraceHeader.Producer(version: "0"),
        model: TraceModel(
          name: name, sha256: String(repeating: "0", count: 64),
          format: TestModels.checkpoint(name).formatDescription, parameters: 1,
          configuration: model.configuration),
        arithmetic: .init(path), decoder: .forward, prompt: []), to: target)
    let selection = TensorSelection(allLogits: true, hidden: true)
    try recorder.run(
      GivenPass(tokens: Self.tokens),
      on: TracedModel(model, showing: selection, to: recorder), chunk: GivenPass.chunk)
    return try Recording.open(target)
  }

  /// The tensors of a trace without its header, as an engine would write them, with what `change`
  /// makes of its logits.
  private func engine(
    _ path: MatrixProductPath, _ change: (inout [Float]) -> Void = { _ in }
  ) throws -> Recording {
    let file = "\(folder.file("\(path)"))/\(TracePass.file(ofPass: 0))"
    let reader = try SafetensorsReader(path: file)
    let tensors = try ["hidden.0", "hidden.1", "logits"].map { name in
      var values = try reader.floats(name)
      if name == "logits" { change(&values) }
      return SafetensorsWriter.Tensor(name, shape: try reader.tensor(name).shape, values: values)
    }
    return try Recording.open(
      try folder.write(SafetensorsWriter(tensors).bytes(), to: "engine.safetensors"))
  }

  private func claiming(_ precision: Precision) -> ComparisonSettings {
    var settings = ComparisonSettings()
    settings.precision = precision
    return settings
  }

  @Test(arguments: names)
  func `what headers say of 8 bits explains the difference`(name: String) throws {
    let (a, b) = (try trace(name, .exact), try trace(name, .int8))
    let found = try RecordingComparer.compare(a, b)
    #expect(found.verdict == .rounding && found.agrees, "\(found.sentence)")
    #expect(found.precision == .int8 && !found.isClaimed)
    #expect(found.a.arithmetic == .exact && found.b.arithmetic == .int8)
    #expect(
      found.sentence.hasPrefix(
        "B rounds activations to 8 bits, as its header says: that explains all differences. "
          + "Compare B with a trace made with --matmul int8"))
    let strict = try RecordingComparer.compare(a, b, settings: claiming(.float32))
    #expect(strict.verdict == .bug && strict.finding?.location.tensor == "hidden.1")
    #expect(strict.sentence.contains("Rounding of activations to 8 bits, as llama.cpp has them"))
  }

  @Test(arguments: names)
  func `8 bits explain an engine that says nothing, where the trace has quantised weights`(
    name: String
  ) throws {
    let a = try trace(name, .exact)
    _ = try trace(name, .int8)
    let engine = try engine(.int8)
    let found = try RecordingComparer.compare(a, engine)
    #expect(found.agrees, "\(found.sentence)")
    #expect(found.precision == .bf16 || found.precision == .int8)
    #expect(found.advice?.contains("--matmul int8") == true)
    let claimed = try RecordingComparer.compare(a, engine, settings: claiming(.int8))
    #expect(claimed.agrees && claimed.isClaimed)
    #expect(
      claimed.sentence.hasPrefix("Rounding of activations to 8 bits explains all differences. "))
  }

  @Test(arguments: names)
  func `a wrong logit is no rounding to 8 bits`(name: String) throws {
    let a = try trace(name, .exact)
    _ = try trace(name, .int8)
    let wrong = try engine(.int8) { $0[$0.count - 7] += 100 }
    for settings in [ComparisonSettings(), claiming(.int8)] {
      let found = try RecordingComparer.compare(a, wrong, settings: settings)
      #expect(found.verdict == .bug && !found.agrees)
      #expect(found.explainedBy == nil && found.advice == nil)
      #expect(found.finding?.location.tensor == "logits")
      #expect(found.finding?.location.row == Self.tokens.count - 1)
    }
  }

  @Test(arguments: names)
  func `16 bits are finer than F16, and two that round alike are the same`(name: String) throws {
    let (a, b) = (try trace(name, .exact), try trace(name, .int16))
    let found = try RecordingComparer.compare(a, b)
    #expect(found.agrees && found.precision == .int16 && found.advice == nil, "\(found.sentence)")
    #expect(try RecordingComparer.compare(b, engine(.int16)).verdict == .identical)
  }

  @Test func `what is not quantised is not explained by 8 bits`() throws {
    let a = try trace("gguf/quantised-f16.gguf", .exact)
    #expect(!a.hasQuantisedWeights)
    let wrong = try engine(.exact) { $0 = $0.map { $0 * 1.5 } }
    let found = try RecordingComparer.compare(a, wrong)
    #expect(found.precision != .int8 && found.advice == nil)
  }

  @Test func `arithmetics are in the order of what they explain`() {
    let model = RoundingModel(layerCount: 30)
    let bounds = Precision.allCases.map { model.meanBound(.logits, $0) }
    #expect(bounds == bounds.sorted() && Precision.allCases == Precision.allCases.sorted())
    let embedding = TensorName.hidden(layer: 0)
    #expect(model.meanBound(embedding, .int8) == model.meanBound(embedding, .float32))
  }
}
