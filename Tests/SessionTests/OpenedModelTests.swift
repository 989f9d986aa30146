import Files
import Foundation
import Llama
import Lookahead
import Tensor
import TestSupport
import Testing

@testable import Session

struct OpenedModelTests {
  private func open(_ name: String) throws -> OpenedModel {
    try OpenedModel(path: FixturePath.path(name))
  }

  @Test func `a path that does not exist`() throws {
    let path = try TemporaryFolder().file("nothing.gguf")
    #expect(
      throws: InputFileError.cannotOpen(path: path, reason: "No such file or directory")
    ) { try TextSession(path: path) }
  }

  @Test func `a model without a tokenizer takes token ids only`() throws {
    let folder = try TemporaryFolder()
    try MinimalCheckpoint.writeHuggingFace(to: folder)
    var settings = try SessionFixture.settings { $0.maximumTokens = 2 }
    let opened = try OpenedModel(path: folder.path)
    let session = try TextSession(opened, settings: settings, on: Executor(threadCount: 1))
    let missing = SessionError.noTokenizer(path: folder.path, expected: "tokenizer.json")
    #expect(throws: missing) { try session.generate(.raw("hi")) }
    #expect(throws: missing) { try session.conversation() }
    let text = try session.generate(.ids([1, 3]))
    #expect(text.text.isEmpty && !text.result.tokens.isEmpty)
    settings.stopStrings = ["x"]
    #expect(throws: missing) { try settings.stopRules(for: opened, isChat: false) }
  }

  @Test func `a session's cache can hold float16`() throws {
    let opened = try open("tiny-llama")
    let session = try TextSession(
      opened, settings: SessionFixture.settings(), cacheFormat: .float16,
      on: Executor(threadCount: 1))
    #expect(session.model.cacheFormat == .float16)
    #expect(try !session.generate(.raw("Once upon a time")).text.isEmpty)
  }

  @Test func `a model without a chat template continues texts only`() throws {
    let opened = try open("tiny-llama3")
    #expect(throws: ChatTemplateError.absent(path: opened.checkpoint.path)) {
      try opened.tokens(of: .message("hi"))
    }
    #expect(try !opened.tokens(of: .raw("hi")).isEmpty)
  }

  @Test func `a context or a prompt beyond the model's is refused before the weights are read`()
    throws
  {
    let opened = try open("tiny-llama")
    let settings = try SessionFixture.settings { $0.contextLimit = 10 }
    #expect(throws: LookaheadError.promptTooLong(tokens: 10, contextLength: 10)) {
      try TextSession(opened, settings: settings, promptTokens: 10) { _ in Issue.record("read") }
    }
    let beyond = try SessionFixture.settings { $0.contextLimit = 5_000 }
    #expect(throws: LookaheadError.contextBeyondModel(requested: 5_000, contextLength: 1_024)) {
      try TextSession(opened, settings: beyond) { _ in Issue.record("read") }
    }
  }

  @Test func `too little memory is said before the weights are read`() throws {
    let opened = try open("tiny-llama")
    #expect(throws: MemoryError.self) {
      try opened.load(
        on: Executor(threadCount: 1), use: ModelUse(tokens: 1 << 45, rows: 1, logitRows: 1)
      ) { _ in Issue.record("read") }
    }
  }

  @Test func `reading the weights shows its progress and can be ended`() throws {
    let opened = try open("tiny-llama")
    let use = ModelUse(tokens: 8, rows: 1, logitRows: 1)
    var shares: [Double] = []
    _ = try opened.load(on: Executor(threadCount: 1), use: use) { shares.append($0) }
    #expect(shares.first == 0 && shares.last == 1 && shares == shares.sorted())
    #expect(shares.count == opened.checkpoint.configuration.layerCount + 1)
    #expect(throws: CancellationError.self) {
      try opened.load(on: Executor(threadCount: 1), use: use) { _ in throw CancellationError() }
    }
  }

  @Test func `the CPU's name is read from the system's lines`() {
    let lines = "processor\t: 0\nmodel name\t: Some: CPU\nmodel name\t: other\n"
    #expect(CPUName.name(inCPUInfo: lines) == "Some: CPU")
    #expect(CPUName.name(inCPUInfo: "processor\t: 0\n") == nil)
  }

  @Test("The memory of drafts counts, more for longer texts, up to that of a full index")
  func memoryOfDrafts() throws {
    let opened = try OpenedModel(path: FixturePath.path("tiny-llama"))
    var settings = try SessionFixture.settings()
    func need(_ tokens: Int) throws -> MemoryNeed {
      settings.maximumTokens = tokens
      let use = try settings.use(of: opened.checkpoint, prompt: 1)
      return MemoryNeed(
        opened.checkpoint, path: .exact, storage: .stored, for: use,
        on: Executor(threadCount: 1))
    }
    let (short, long) = try (need(10), need(200))
    #expect(short.drafts > 0 && long.drafts > short.drafts && long.drafts < 1 << 26)
    #expect(short.total == short.weights + short.cache + short.activations + short.drafts)
    settings.lookahead = try LookaheadConfiguration(policy: .paper)
    #expect(try need(10).drafts > 0)
    settings.lookahead = nil
    #expect(try need(10).drafts == 0)
  }
}
