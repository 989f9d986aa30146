import Files
import TestSupport
import Testing

@testable import Oracle

/// How many blocks a model has, which says how far rounding may carry its logits apart.
struct LayerCountTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Logits that are off by ten times what rounding explains, beside other tensors of each side.
  private func compare(_ namesInA: [String], _ namesInB: [String]) throws -> RecordingComparison {
    let sides = try [namesInA, namesInB].enumerated().map { side, names in
      let logits = SafetensorsWriter.Tensor(
        "logits", shape: [1, 4], values: side == 0 ? [1, 1, 1, 1] : [1.001, 1.001, 1.001, 1.001])
      let tensors = names.map { SafetensorsWriter.Tensor($0, shape: [1, 1], values: [1]) }
      return try Recording.open(
        try folder.write(SafetensorsWriter(tensors + [logits]).bytes(), to: "\(side)"))
    }
    var settings = ComparisonSettings()
    settings.precision = .float32
    return try RecordingComparer.compare(sides[0], sides[1], settings: settings)
  }

  @Test(arguments: ["hidden.9223372036854775807", "hidden.4097", "attention.9223372036854775806"])
  func `a block that no model has neither ends the comparison nor widens the bound`(
    name: String
  ) throws {
    let names = ["hidden.1", "hidden.2"]
    let expected = try #require(try compare(names, names).finding?.times)
    #expect(try compare(names + [name], names + [name]).finding?.times == expected)
  }

  @Test func `a block that one side alone has does not widen the bound`() throws {
    let expected = try #require(try compare(["hidden.1"], ["hidden.1"]).finding?.times)
    #expect(try compare(["hidden.1"], ["hidden.1", "hidden.4000"]).finding?.times == expected)
    #expect(try compare(["hidden.1", "hidden.4000"], ["hidden.1"]).finding?.times == expected)
  }

  @Test(arguments: [Double.nan, .infinity])
  func `a bound that is no number explains nothing`(bound: Double) {
    let model = RoundingModel(layerCount: 3)
    #expect(model.times(.init(mean: 0, largest: 0), meanBound: bound) == .infinity)
  }

  @Test func `a float32 run that is not finite in a row has measured nothing there`() throws {
    let truth = SyntheticPass(seed: 1)
    var run = truth.withNoise(ulps: 4, significandBits: 24, seed: 2)
    run.add(.nan, to: "hidden.1", row: 0, column: 7)
    var wrong = truth.withNoise(ulps: 4, significandBits: 24, seed: 3)
    wrong.add(100, to: "hidden.1", row: 0, column: 3)
    let recordings = try [truth, wrong, run].enumerated().map { index, pass in
      try Recording.open(try folder.write(pass.bytes(), to: "\(index)"))
    }
    let result = try RecordingComparer.compare(
      recordings[0], recordings[1], float32: recordings[2])
    #expect(result.finding?.location.tensor == "hidden.1" && result.finding?.location.row == 0)
  }
}
