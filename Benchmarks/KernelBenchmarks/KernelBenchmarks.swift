import Benchmark

/// What the benchmark library calls to learn of all benchmarks.
///
/// Names read `kernel, shape, T, way, threads`, so that `--filter` can pick along any of them.
let benchmarks: @Sendable () -> Void = {
  Benchmark.defaultConfiguration = .init(
    metrics: [.wallClock], timeUnits: .microseconds, warmupIterations: 3,
    maxDuration: .milliseconds(400))
  let backends = Backend.available
  matrixProductBenchmarks(on: backends)
  attentionBenchmarks(on: backends)
  elementwiseBenchmarks(on: backends)
}
