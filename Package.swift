// swift-tools-version: 6.2
import PackageDescription

// Targets are listed in dependency order: nothing depends on a target below it.

/// The kernels are compiled with optimisation in debug builds too: unoptimised, one pass of the
/// real model takes minutes. `-Ounchecked` also removes the overflow checks that would otherwise
/// stand between the vector instructions; shapes are checked before a kernel is entered. The whole
/// module must be seen at once for the register tiles to be specialised; with `-num-threads` the
/// compiler still writes one object for each file, which debug builds expect.
let wholeModule = ["-whole-module-optimization", "-num-threads", "1", "-disable-batch-mode"]
let kernelSettings: [SwiftSetting] = [.unsafeFlags(["-Ounchecked"] + wholeModule)]

/// The same kernel source, compiled once for each instruction set (docs/decisions/0002).
#if arch(x86_64)
  let vectorKernels: [Target] = [
    .target(
      name: "KernelsX86V3", dependencies: ["CKernelSupport"],
      swiftSettings: kernelSettings + [.unsafeFlags(["-Xcc", "-march=x86-64-v3"])]),
    .target(
      name: "KernelsX86V4", dependencies: ["CKernelSupport"],
      swiftSettings: kernelSettings + [.unsafeFlags(["-Xcc", "-march=x86-64-v4"])]),
  ]
#else
  let vectorKernels: [Target] = []
#endif

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
    .target(name: "Files"),
    .target(
      name: "KernelsPortable", dependencies: ["CKernelSupport"], swiftSettings: kernelSettings),
  ] + vectorKernels + [
    .target(
      name: "Tensor",
      dependencies: ["COpenBLAS", "CKernelSupport", "Files", "KernelsPortable"]
        + vectorKernels.map { .byName(name: $0.name) },
      swiftSettings: [.unsafeFlags(["-O"] + wholeModule)]),
    // Unsafe pointers end with Tensor: from here on the compiler warns of any. Llama is optimised in
    // debug builds too, for the sake of its reference in Double, whose loops are plain.
    .target(
      name: "Llama", dependencies: ["Tensor"],
      swiftSettings: [.strictMemorySafety(), .unsafeFlags(["-O"] + wholeModule)]),
    .target(
      name: "Lookahead",
      dependencies: ["Llama"],
      swiftSettings: [.strictMemorySafety()]),
    // What a program embeds: a model with its tokenizer, conversations, what is kept between runs.
    .target(
      name: "Session", dependencies: ["Lookahead", "Llama", "Tensor", "Files"],
      swiftSettings: [.strictMemorySafety()]),
    // What other backends check theirs against: traces, comparisons, certificates.
    .target(
      name: "Oracle", dependencies: ["Lookahead"], swiftSettings: [.strictMemorySafety()]),
    .executableTarget(
      name: "CommandLineTool",
      dependencies: [
        "Oracle", "Session", "Lookahead", "Llama", "Tensor",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      path: "Sources/CommandLine"),
    .target(
      name: "TestSupport", dependencies: ["Lookahead"], path: "Tests/TestSupport",
      swiftSettings: [.unsafeFlags(["-O"] + wholeModule)]),
    .testTarget(name: "FilesTests", dependencies: ["Files", "TestSupport"]),
    .testTarget(name: "TensorTests", dependencies: ["Tensor", "TestSupport"]),
    .testTarget(name: "LlamaTests", dependencies: ["Llama", "TestSupport"]),
    .testTarget(name: "LookaheadTests", dependencies: ["Lookahead", "TestSupport"]),
    .testTarget(name: "SessionTests", dependencies: ["Session", "TestSupport"]),
    .testTarget(name: "OracleTests", dependencies: ["Oracle", "TestSupport"]),
    .testTarget(name: "CommandLineTests", dependencies: ["CommandLineTool", "TestSupport"]),
  ],
  swiftLanguageModes: [.v6]
)
