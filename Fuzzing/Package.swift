// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that users of `lookahead` do not build what attacks it. It is built with
// `--sanitize=fuzzer`, which instruments the modules of `lookahead` too, and links libFuzzer's `main`.
let package = Package(
  name: "lookahead-fuzzing",
  platforms: [.macOS(.v15)],
  dependencies: [
    // Named, since without a name it would be called as its folder is.
    .package(name: "lookahead", path: ".."),
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
  ],
  targets: [
    // The command line's own readers. Its folder is linked to here, since a package has its sources
    // inside itself. Main.swift is left out, for the fuzzer brings a main function; the commands of
    // the oracle because they use what only the package of `lookahead` may.
    .target(
      name: "CommandLineReaders",
      dependencies: [
        .product(name: "Lookahead", package: "lookahead"),
        .product(name: "Session", package: "lookahead"),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      path: "CommandLine", exclude: ["Main.swift", "Oracle"],
      swiftSettings: [.unsafeFlags(["-enable-testing"])]),
    .executableTarget(
      name: "fuzz",
      dependencies: [
        "CommandLineReaders", .product(name: "Lookahead", package: "lookahead"),
        .product(name: "Session", package: "lookahead"),
      ],
      path: "Targets",
      swiftSettings: [.unsafeFlags(["-O", "-parse-as-library"])]),
  ],
  swiftLanguageModes: [.v6]
)
