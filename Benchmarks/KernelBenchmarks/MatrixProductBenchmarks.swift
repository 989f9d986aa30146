import Benchmark
import Tensor

/// One weight matrix of SmolLM2-135M, `[outputs, inputs]`.
struct WeightShape: Sendable {
  /// What it is for.
  let name: String
  /// Input features.
  let inputs: Int
  /// Output features.
  let outputs: Int

  /// Bytes as float32.
  var byteCount: Int { inputs * outputs * MemoryLayout<Float>.stride }

  /// The matrices of one transformer block, as the model joins them, and the output head.
  static let smolLM2 = [
    WeightShape(name: "query+key+value", inputs: 576, outputs: 960),
    WeightShape(name: "attention output", inputs: 576, outputs: 576),
    WeightShape(name: "gate+up", inputs: 576, outputs: 3072),
    WeightShape(name: "down", inputs: 1536, outputs: 576),
    WeightShape(name: "head", inputs: 576, outputs: 49152),
  ]
}

/// As many matrices of one shape as do not fit a cache, taken in turn: a model's pass, too, finds
/// none of its weights in the caches.
struct WeightStream {
  /// More than the last-level cache of the machines at hand.
  private static let bytes = 96 << 20
  private let copies: [LinearWeights]
  private var index = 0

  /// Makes the matrices.
  init(_ shape: WeightShape, for backend: Backend) {
    let count = (WeightStream.bytes + shape.byteCount - 1) / shape.byteCount
    copies = (0..<count).map { _ in randomWeights(shape, for: backend) }
  }

  /// The next matrix.
  mutating func next() -> LinearWeights {
    index = (index + 1) % copies.count
    return copies[index]
  }
}

/// Products of T rows with each weight matrix, and what they come to in GFLOP/s and GB/s.
func matrixProductBenchmarks(on backends: [Backend]) {
  for shape in WeightShape.smolLM2 {
    for tokens in [1, 4, 8, 12, 16, 32, 64] {
      // Without FMA the head would take seconds a product; one small shape shows as much.
      for backend in backends where backend.isFast || (shape.name == "down" && tokens <= 16) {
        matrixProductBenchmark(shape, tokens: tokens, on: backend)
      }
    }
  }
}

private func matrixProductBenchmark(_ shape: WeightShape, tokens: Int, on backend: Backend) {
  let arithmetic = rate("MFLOP/s")
  let reading = rate("weights, MB/s")
  var configuration = Benchmark.defaultConfiguration
  configuration.metrics = [.wallClock, arithmetic, reading]
  configuration.units = [arithmetic: .count, reading: .count]
  let name = "product, \(shape.name) [\(shape.inputs) → \(shape.outputs)], T \(tokens)"
  let clock = ContinuousClock()
  var stream: WeightStream?
  let x = randomMatrix(rows: tokens, columns: shape.inputs)
  Benchmark(
    "\(name), \(backend.name)", configuration: configuration,
    closure: { benchmark in
      guard let weights = stream?.next() else { return benchmark.error("no weights were made") }
      benchmark.startMeasurement()
      let seconds =
        clock.measure { blackHole(product(x, weights, on: backend.executor)) } / .seconds(1)
      benchmark.stopMeasurement()
      let operations = 2.0 * Double(tokens * shape.inputs * shape.outputs)
      benchmark.measurement(arithmetic, Int(operations / seconds / 1e6))
      benchmark.measurement(reading, Int(Double(shape.byteCount) / seconds / 1e6))
    },
    setup: { stream = WeightStream(shape, for: backend) },
    teardown: { stream = nil })
}

private func rate(_ name: String) -> BenchmarkMetric {
  .custom(name, polarity: .prefersLarger, useScalingFactor: false)
}
