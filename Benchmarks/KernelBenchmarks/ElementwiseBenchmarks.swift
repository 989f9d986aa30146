import Benchmark
import Tensor

/// What is done row by row, on the shapes of SmolLM2-135M. The product path has no part in it.
func elementwiseBenchmarks(on backends: [Backend]) {
  for tokens in [1, 16] {
    for backend in backends where backend.path == .exact && backend.isFast {
      let suffix = "T \(tokens), \(backend.name)"
      normalizationBenchmark(suffix, tokens, backend.executor)
      gatingBenchmark(suffix, tokens, backend.executor)
      rotationBenchmark(suffix, tokens, backend.executor)
    }
    argmaxBenchmark("T \(tokens)", tokens)
  }
}

/// A thousand calls a measurement, since one takes about as long as reading the clock.
private var repeated: Benchmark.Configuration {
  var configuration = Benchmark.defaultConfiguration
  configuration.scalingFactor = .kilo
  configuration.timeUnits = .nanoseconds
  return configuration
}

private func normalizationBenchmark(_ suffix: String, _ tokens: Int, _ executor: Executor) {
  let x = randomMatrix(rows: tokens, columns: 576)
  let scales = Array(randomMatrix(rows: 1, columns: 576, seed: 2).row(0))
  Benchmark("rmsNorm, [576], \(suffix)", configuration: repeated) { benchmark in
    for _ in benchmark.scaledIterations {
      blackHole(rmsNorm(x, weight: scales, epsilon: 1e-5, on: executor))
    }
  }
}

private func gatingBenchmark(_ suffix: String, _ tokens: Int, _ executor: Executor) {
  let gateUp = randomMatrix(rows: tokens, columns: 2 * 1536)
  Benchmark("swiGLU, [2 × 1536], \(suffix)", configuration: repeated) { benchmark in
    for _ in benchmark.scaledIterations { blackHole(gated(.silu, gateUp, on: executor)) }
  }
}

private func rotationBenchmark(_ suffix: String, _ tokens: Int, _ executor: Executor) {
  // Nine query heads and three key heads. All by the angle whose cosine is 0.6: rotating again and
  // again must not let the numbers grow or vanish.
  let cosines = Matrix(
    rows: tokens, columns: 32, elements: Array(repeating: 0.6, count: 32 * tokens))
  let sines = Matrix(
    rows: tokens, columns: 32, elements: Array(repeating: 0.8, count: 32 * tokens))
  var x = randomMatrix(rows: tokens, columns: 12 * 64)
  Benchmark("rotate, [12 heads × 64], \(suffix)", configuration: repeated) { benchmark in
    for _ in benchmark.scaledIterations {
      rotate(&x, heads: 12, headDim: 64, cosines: cosines, sines: sines, on: executor)
    }
    blackHole(x)
  }
}

private func argmaxBenchmark(_ suffix: String, _ tokens: Int) {
  let logits = randomMatrix(rows: tokens, columns: 49152)
  Benchmark("argmax, [49152], \(suffix)") { benchmark in
    for row in 0..<tokens { blackHole(logits.argmax(row: row)) }
  }
}
