import Foundation
import TestSupport
import Testing

/// The optimised program, `.build/release/lookahead`, gives the bits of the debug build.
///
/// `make test-long` builds it first. Otherwise it is whatever was built last.
@Suite(
  .serialized, .enabled(if: LongSuite.isRequested, "\(LongSuite.comment)"),
  .enabled(
    if: FileManager.default.isExecutableFile(atPath: LookaheadProcess.releaseProgram.path),
    "there is no .build/release/lookahead: make build makes it"))
struct ReleaseBuildTests {
  /// Checks the release build against the golden and, to the last pass, against the debug build.
  private func check(_ golden: LogitsGolden, at path: String) throws {
    let prompt = golden.promptIDs.map(String.init).joined(separator: ",")
    let arguments = [
      "generate", "--model", path, "--prompt-ids", prompt, "-n", "\(golden.outputIDs.count)",
      "--matmul", golden.matmul.rawValue, "--ignore-eos", "--json",
    ]
    // The automatic schedule goes by the time of passes, so that no two runs have the same number.
    let decodings = [["autoregressive"], ["lookahead", "--schedule", "fixed"]]
    for decoding in decodings {
      let options = arguments + ["--decoding"] + decoding
      let release = try LookaheadProcess.run(options, program: LookaheadProcess.releaseProgram)
        .object()
      let debug = try LookaheadProcess.run(options).object()
      for object in [release, debug] {
        #expect(object["output_ids"] as? [Int] == golden.outputIDs, "\(golden)")
        #expect(object["logits_sha256"] as? String == golden.logitsSHA256, "\(golden)")
      }
      #expect(release["passes"] as? Int == debug["passes"] as? Int, "\(golden)")
    }
  }

  @Test func `debug and release build give the golden's logits on the fixture models`() throws {
    for golden in try LogitsGolden.ofFixtures() {
      try check(golden, at: FixturePath.path(golden.model))
    }
  }

  @Test(.enabled(if: TestModels.smolLM2Path != nil, "SmolLM2 is not there: make test fetches it"))
  func `debug and release build give the golden's logits on SmolLM2`() throws {
    for golden in try LogitsGolden.ofSmolLM2() {
      try check(golden, at: try #require(TestModels.smolLM2Path))
    }
  }
}
