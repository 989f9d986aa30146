import TestSupport
import Testing

/// Values that the argument parser would misread, and what is said of options of other programs.
struct ArgumentFormTests {
  private func run(_ arguments: [String]) throws -> LookaheadProcess.Outcome {
    try LookaheadProcess.run(arguments)
  }

  private static let model = ["-m", FixturePath.path("tiny-llama")]

  @Test(arguments: ["\u{0301}a", "\u{200D}b", "\u{FE0F}", "\u{1F3FD}x", "--- a/file", "---", "-5"])
  func `a prompt may begin with anything`(value: String) throws {
    let expected = try run(["tokenize"] + Self.model + ["--", value])
    #expect(expected.status == 0)
    for form in [["--prompt=\(value)"], ["--prompt", value], ["-p", value]] {
      let found = try run(["tokenize"] + Self.model + form)
      #expect(found.status == 0 && found.output == expected.output, "\(form): \(found.diagnostics)")
    }
  }

  @Test(arguments: ["--stop", "--system"])
  func `so may a stop string and a system message`(option: String) throws {
    for form in [["\(option)=\u{0301}"], [option, "---"]] {
      let found = try run(["generate", "-p", "a", "-n", "1", "-t", "1"] + Self.model + form)
      #expect(found.status == 0, "\(form): \(found.diagnostics)")
    }
  }

  @Test(arguments: [
    (["-n", "-1"], "-1"), (["--seed", "-1"], "The value '-1' is invalid for '--seed <number>'"),
    (["-p", "b"], "--prompt is given twice, but has one value"),
    (["--temp", "0.5"], "the option is called --temperature"),
    (["-ngl", "99"], "there is no GPU part"), (["--stream"], "text is written as it is made"),
    (["-f", "file"], "a prompt file is given by --prompt-file"),
    (["Hello"], "a prompt is given by --prompt"),
  ])
  func `wrong usage is told apart`(arguments: [String], expected: String) throws {
    let found = try run(["generate", "-p", "a"] + Self.model + arguments)
    #expect(found.status == 64 && found.diagnostics.contains(expected), "\(found.diagnostics)")
  }

  @Test func `help of nothing is wrong usage`() throws {
    let found = try run(["help", "nope"])
    #expect(found.status == 64 && found.diagnostics.contains("nope"))
  }

  @Test(arguments: ["org/model-name", "https://example.org/model.gguf"])
  func `models are files`(model: String) throws {
    let found = try run(["inspect", "-m", model])
    #expect(found.status == 2)
    #expect(found.diagnostics.contains("models are read from files: download it first"))
  }

  @Test func `options without effect at temperature 0 are noted`() throws {
    let found = try run(
      ["generate", "-p", "a", "-n", "1", "-t", "1", "--top-k", "5", "--top-p", "0.5"] + Self.model)
    #expect(found.status == 0)
    #expect(found.diagnostics.contains("--top-k and --top-p change nothing at temperature 0"))
  }

  @Test func `a second token that begins a text is noted`() throws {
    let model = ["-m", FixturePath.path("tiny-llama3")]
    let found = try run(
      ["generate", "--raw", "-p", "<|begin_of_text|>Hi", "-n", "1", "-t", "1"] + model)
    #expect(found.status == 0)
    #expect(found.diagnostics.contains("The prompt begins with <|begin_of_text|> twice"))
  }

  @Test func `a folder of that name is replaced by --force, and an empty one at once`() throws {
    let folder = try TemporaryFolder()
    let arguments = ["trace", "-p", "a", "-n", "1", "-t", "1", "-o", folder.path] + Self.model
    #expect(try run(arguments).status == 0)
    let again = try run(arguments)
    #expect(again.status == 2 && again.diagnostics.contains("with --force"))
  }
}
