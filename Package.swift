// swift-tools-version: 6.2
import PackageDescription

/// Compiled with optimisation in debug builds too: unoptimised, one pass of the real model takes
/// minutes. The whole module must be seen at once for generic code to be specialised; with
/// `-num-threads` the compiler still writes one object for each file, which debug builds expect.
func optimised(_ level: String = "-O") -> SwiftSetting {
  .unsafeFlags([level, "-whole-module-optimization", "-num-threads", "2", "-disable-batch-mode"])
}

/// `-Ounchecked` also removes the overflow checks that would otherwise stand between the vector
/// instructions; shapes are checked before a kernel is entered.
let kernelSettings = [optimised("-Ounchecked")]

/// The same kernel source, compiled once for each instruction set (docs/decisions/0002); the kernels of
/// products in integers are targets of their own, since they depend on other instructions.
func kernels(_ name: String, _ flags: [String] = []) -> Target {
  .target(
    name: name, dependencies: ["CKernelSupport", "KernelTypes"],
    swiftSettings: kernelSettings
      + (flags.isEmpty ? [] : [.unsafeFlags(flags.flatMap { ["-Xcc", $0] })]))
}

#if arch(x86_64)
  let vectorKernels = [
    kernels("KernelsX86V3", ["-march=x86-64-v3"]),
    kernels("KernelsX86V4", ["-march=x86-64-v4"]),
    kernels("IntegerKernelsAVX2", ["-march=x86-64-v3"]),
    kernels("IntegerKernelsAVXVNNI", ["-march=x86-64-v3", "-mavxvnni"]),
    kernels("IntegerKernelsAVX512VNNI", ["-march=x86-64-v4", "-mavx512vnni"]),
  ]
#else
  let vectorKernels: [Target] = []
#endif

/// Each layer may use those before it.
let layers = ["Files", "KernelTypes", "Tensor", "Llama", "Lookahead", "Session", "Oracle"]

/// A layer and all before it. A target names every module that it reaches: SwiftPM compiles it again
/// only if one that it names has changed, and the layout of a struct depends on modules that the file
/// does not import (docs/decisions/0070).
func upTo(_ layer: String) -> [Target.Dependency] {
  let end = layers.firstIndex(of: layer) ?? layers.endIndex - 1
  return layers[...end].map { .byName(name: $0) }
}

let package = Package(
  name: "lookahead",
  platforms: [.macOS(.v15)],
  products: [
    .library(name: "Session", targets: ["Session", "Lookahead", "Llama", "Tensor"]),
    .library(name: "Lookahead", targets: ["Oracle", "Lookahead", "Llama", "Tensor"]),
    .executable(name: "lookahead", targets: ["CommandLineTool"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2")
  ],
  targets: [
    .systemLibrary(
      name: "COpenBLAS", pkgConfig: "openblas",
      providers: [.apt(["libopenblas-dev"]), .brew(["openblas"])]),
    .target(name: "CKernelSupport"),
    // Files, digests and text fit for a terminal: nothing of models.
    .target(name: "Files", swiftSettings: [optimised()]),
    // The protocol of the kernels and their argument types.
    .target(name: "KernelTypes", swiftSettings: kernelSettings),
    kernels("KernelsPortable"),
    kernels("IntegerKernelsPortable"),
  ] + vectorKernels + [
    .target(
      name: "Tensor",
      dependencies: [
        "COpenBLAS", "CKernelSupport", "Files", "KernelTypes", "KernelsPortable",
        "IntegerKernelsPortable",
      ] + vectorKernels.map { .byName(name: $0.name) },
      swiftSettings: [optimised()]),
    // Unsafe pointers end with Tensor: from here on the compiler warns of any. Llama is optimised in
    // debug builds too, for the sake of its reference in Double, whose loops are plain.
    .target(
      name: "Llama", dependencies: upTo("Tensor"),
      swiftSettings: [.strictMemorySafety(), optimised()]),
    .target(
      name: "Lookahead", dependencies: upTo("Llama"), swiftSettings: [.strictMemorySafety()]),
    // What a program embeds: a model with its tokenizer, conversations, what is kept between runs.
    .target(
      name: "Session", dependencies: upTo("Lookahead"), swiftSettings: [.strictMemorySafety()]),
    // What other backends check theirs against: traces, comparisons, certificates.
    .target(
      name: "Oracle", dependencies: upTo("Lookahead"), swiftSettings: [.strictMemorySafety()]),
    .executableTarget(
      name: "CommandLineTool",
      dependencies: upTo("Oracle") + [
        .product(name: "ArgumentParser", package: "swift-argument-parser")
      ],
      path: "Sources/CommandLine"),
    .target(
      name: "TestSupport", dependencies: upTo("Lookahead"), path: "Tests/TestSupport",
      swiftSettings: [optimised()]),
    .testTarget(name: "FilesTests", dependencies: upTo("Lookahead") + ["TestSupport"]),
    .testTarget(
      name: "TensorTests", dependencies: upTo("Lookahead") + ["COpenBLAS", "TestSupport"]),
    .testTarget(name: "LlamaTests", dependencies: upTo("Lookahead") + ["TestSupport"]),
    .testTarget(name: "LookaheadTests", dependencies: upTo("Lookahead") + ["TestSupport"]),
    .testTarget(name: "SessionTests", dependencies: upTo("Session") + ["TestSupport"]),
    .testTarget(name: "OracleTests", dependencies: upTo("Oracle") + ["TestSupport"]),
    .testTarget(
      name: "CommandLineTests", dependencies: upTo("Oracle") + ["CommandLineTool", "TestSupport"]),
  ],
  swiftLanguageModes: [.v6]
)
