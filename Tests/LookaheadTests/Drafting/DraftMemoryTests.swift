import Files
import Foundation
import Llama
import Tensor
import TestSupport
import Testing

@testable import Lookahead

@Suite struct DraftMemoryTests {
  private static let subject = [UInt8](repeating: 7, count: 32)

  /// What is learnt from some texts of a scripted model.
  private static func learnt(texts: Int) throws -> DraftMemory {
    var memory = DraftMemory()
    for seed in 0..<texts {
      let script = RepeatingScript(seed: UInt64(seed))
      var decoder = try decoder(script, memory)
      _ = try decoder.generate(prompt: script.prompt, stop: DivergenceTests.stop(40))
      memory = try #require(decoder.draftMemory)
    }
    return memory
  }

  private static func decoder(
    _ script: RepeatingScript, _ memory: DraftMemory?
  ) throws -> LookaheadDecoder<ScriptedModel, GreedySelector> {
    try LookaheadDecoder(
      model: script.model, selector: GreedySelector(),
      configuration: LookaheadConfiguration(
        windowSize: 0, ngramSize: 5, candidatesPerToken: 4, poolSources: []), memory: memory)
  }

  private static func read(_ bytes: [UInt8], vocabularySize: Int = 20) throws -> DraftMemory {
    let folder = try TemporaryFolder()
    let path = folder.file("memory")
    try OutputFile.replace(path, with: bytes)
    return try DraftMemory(
      InputFile(path: path), subject: subject, vocabularySize: vocabularySize)
  }

  @Test("A memory is read as it was written, and written again with the same bytes")
  func roundTrip() throws {
    let memory = try Self.learnt(texts: 3)
    #expect(memory.hasChanged && memory.count > 50)
    let bytes = memory.bytes(subject: Self.subject)
    let read = try Self.read(bytes)
    #expect(!read.hasChanged && read.count == memory.count)
    #expect(read.mix == memory.mix && read.record == memory.record)
    #expect(read.bytes(subject: Self.subject) == bytes)
    for token in 0..<20 {
      let a = memory.successors.successors(after: [token], length: 1) ?? []
      let b = read.successors.successors(after: [token], length: 1) ?? []
      #expect(a.map(\.token) == b.map(\.token))
      #expect(zip(a, b).allSatisfy { abs($0.probability - $1.probability) < 1e-4 })
    }
    #expect(try Self.read(DraftMemory().bytes(subject: Self.subject)) == DraftMemory())
  }

  @Test("A file with any damage is refused", arguments: 0..<60)
  func damage(seed: Int) throws {
    var bytes = try Self.learnt(texts: 1).bytes(subject: Self.subject)
    var generator = SeededGenerator(seed: UInt64(seed))
    if seed % 3 == 0 {
      bytes.removeLast(Int.random(in: 1...bytes.count, using: &generator))
    } else if seed % 3 == 1 {
      bytes[Int.random(in: 0..<bytes.count, using: &generator)] ^=
        1 << UInt8.random(in: 0..<8, using: &generator)
    } else {
      bytes.append(0)
    }
    let damaged = bytes
    #expect(throws: DraftMemory.Unreadable.self) { try Self.read(damaged) }
  }

  @Test("A file about something else, of another version or with foreign tokens says so")
  func foreign() throws {
    let memory = try Self.learnt(texts: 1)
    func refusal(_ bytes: [UInt8], vocabularySize: Int = 20) throws -> String? {
      do {
        _ = try Self.read(bytes, vocabularySize: vocabularySize)
        return nil
      } catch let error as DraftMemory.Unreadable {
        return error.reason
      }
    }
    let other = memory.bytes(subject: [UInt8](repeating: 8, count: 32))
    #expect(try refusal(other) == "it is about something else")
    let bytes = memory.bytes(subject: Self.subject)
    #expect(try refusal(bytes, vocabularySize: 3) == "it has tokens that the model has not")
    var version = bytes
    version[8] = 2
    #expect(try refusal(version) == "it has version 2, and not 1")
    #expect(try refusal(Array("{}".utf8)) == "it does not begin as one")
    #expect(try refusal(bytes) == nil)
  }

  @Test("A full memory is below 8 MB in its file")
  func size() {
    #expect(DraftMemory.maximumFileSize < 8_000_000)
    var memory = DraftMemory()
    let row = [SuccessorTable.Successor(token: 1, probability: 1)]
    for token in 0..<2 * SuccessorTable.generationLimit + 5 {
      memory.successors.learn(row, after: [token])
    }
    #expect(memory.bytes(subject: Self.subject).count <= DraftMemory.maximumFileSize)
  }

  @Test("A text that was learnt takes fewer passes, with the same tokens", arguments: UInt64(0)..<8)
  func fewerPasses(seed: UInt64) throws {
    let script = RepeatingScript(seed: seed)
    let stop = DivergenceTests.stop(60)
    var memory = DraftMemory()
    var passes: [Int] = []
    for _ in 0..<3 {
      var decoder = try Self.decoder(script, memory)
      let result = try decoder.generate(prompt: script.prompt, stop: stop)
      #expect(result.tokens == script.text)
      memory = try #require(decoder.draftMemory)
      passes.append(result.passes)
      let accepted = result.statistics.acceptedDrafts
      #expect(Set(accepted.keys).isSubset(of: [.successors]))
    }
    #expect(passes[2] < passes[0], "\(passes)")
  }

  @Test("Without a memory nothing is learnt, nor by other policies")
  func nothing() throws {
    let script = RepeatingScript(seed: 1)
    var decoder = try script.decoder(0, 4, 3)
    _ = try decoder.generate(prompt: script.prompt, stop: DivergenceTests.stop(20))
    #expect(decoder.draftMemory == nil)
    let paper = try LookaheadConfiguration(policy: .paper)
    #expect(paper.makeDrafter(memory: DraftMemory()).memory == nil)
  }
}
