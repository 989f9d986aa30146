// swift-tools-version: 6.1
import PackageDescription

// A package of its own, so that users of `lookahead` neither resolve nor build what measures it.
let package = Package(
  name: "lookahead-benchmarks",
  platforms: [.macOS(.v15)],
  dependencies: [
    // Named, since without a name it would be called as its folder is.
    .package(name: "lookahead", path: ".."),
    // No traits: those would count allocations and references, and slow down what is measured.
    .package(url: "https://github.com/ordo-one/benchmark", exact: "1.38.1", traits: []),
  ],
  targets: [
    // The plugin takes executables whose folder lies in one called Benchmarks.
    .executableTarget(
      name: "KernelBenchmarks",
      dependencies: [
        .product(name: "Lookahead", package: "lookahead"),
        .product(name: "Benchmark", package: "benchmark"),
      ],
      path: "KernelBenchmarks",
      plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")])
  ],
  swiftLanguageModes: [.v6]
)
