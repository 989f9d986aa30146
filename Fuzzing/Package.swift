// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that users of `lookahead` do not build what attacks it. It is built with
// `--sanitize=fuzzer`, which instruments the modules of `lookahead` too, and links libFuzzer's `main`.
let package = Package(
  name: "lookahead-fuzzing",
  platforms: [.macOS(.v15)],
  dependencies: [
    // Named, since without a name it would be called as its folder is.
    .package(name: "lookahead", path: "..")
  ],
  targets: [
    .executableTarget(
      name: "fuzz",
      dependencies: [.product(name: "Lookahead", package: "lookahead")],
      path: "Targets",
      swiftSettings: [.unsafeFlags(["-O", "-parse-as-library"])])
  ],
  swiftLanguageModes: [.v6]
)
