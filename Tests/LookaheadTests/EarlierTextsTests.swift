import Files
import Foundation
import Llama
import Tensor
import TestSupport
import Testing

@testable import Lookahead

@Suite struct EarlierTextsTests {
  static let digest = Array(repeating: UInt8(7), count: 32)

  static func written(_ texts: [[TokenID]], to path: String) throws -> [UInt8] {
    var earlier = EarlierTexts(vocabularyDigest: digest)
    for text in texts { earlier.append(text) }
    try earlier.write(to: path)
    return Array(try Data(contentsOf: URL(fileURLWithPath: path)))
  }

  static func read(_ path: String, vocabularySize: Int = 100) throws -> EarlierTexts {
    try EarlierTexts(path: path, vocabularyDigest: digest, vocabularySize: vocabularySize)
  }

  @Test("A written file is read back, and no other file is left in its folder")
  func roundTrip() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("pool")
    for texts in [[], [[1]], [[1, 2, 3], [99, 0], [5]]] {
      let bytes = try Self.written(texts, to: path)
      #expect(try Self.read(path).texts == texts)
      #expect(bytes.count == 52 + 4 * texts.count + 4 * texts.joined().count + 32)
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).count == 1)
  }

  @Test("The oldest texts are dropped beyond the limits, and a repeated text becomes the newest")
  func bounded() throws {
    var earlier = EarlierTexts(vocabularyDigest: Self.digest)
    earlier.append([])
    for text in [[1], [2], [1]] { earlier.append(text) }
    #expect(earlier.texts == [[2], [1]])
    earlier.append(Array(repeating: 3, count: EarlierTexts.maximumTokens - 1))
    #expect(earlier.texts.count == 2 && earlier.texts[0] == [1])
    earlier.append(Array(repeating: 4, count: 2 * EarlierTexts.maximumTokens))
    #expect(earlier.texts.map(\.count) == [EarlierTexts.maximumTokens])
    for token in 0..<EarlierTexts.maximumTexts + 5 { earlier.append([token]) }
    #expect(earlier.texts.count == EarlierTexts.maximumTexts && earlier.texts[0] == [5])
  }

  @Test("A file with any byte changed, cut off or added is refused in one sentence")
  func damaged() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("pool")
    let bytes = try Self.written([[1, 2, 3], [4]], to: path)
    var wrong = (0..<bytes.count).map { Array(bytes[..<$0]) } + [bytes + [0]]
    for index in bytes.indices {
      for bit: UInt8 in [1, 128] {
        wrong.append(bytes)
        wrong[wrong.count - 1][index] ^= bit
      }
    }
    for contents in wrong {
      try folder.write(contents, to: "pool")
      let said = sentence(about: path) { try Self.read(path) }
      #expect(said.hasSuffix(".") && !said.contains(". "))
    }
  }

  /// A file with the given header and tokens and a right checksum.
  static func file(
    version: UInt32 = 1, texts: UInt32 = 1, tokens: UInt32 = 1, length: UInt32 = 1,
    token: UInt32 = 5, magic: String = "LOOKPOOL"
  ) -> Data {
    var bytes = Array(magic.utf8)
    func append(_ number: UInt32) {
      bytes += [0, 8, 16, 24].map { UInt8(truncatingIfNeeded: number >> $0) }
    }
    for number in [version, texts, tokens] { append(number) }
    bytes += digest
    append(length)
    append(token)
    var hash = SHA256()
    hash.update(bytes)
    return Data(bytes + hash.digest)
  }

  @Test(
    "An invalid file with a right checksum is refused",
    arguments: [
      (
        file(magic: "POOLLOOK"), nil,
        .malformed(reason: "is not a pool cache: it does not begin as one")
      ),
      (
        file(version: 2), "the pool cache's version", .unsupported(found: "2", supported: "1")
      ),
      (
        file(texts: .max), "the pool cache's number of texts",
        .invalid(expected: "at most 1024", found: "4294967295")
      ),
      (
        file(tokens: 40_000), "the pool cache's number of tokens",
        .invalid(expected: "at most 32768", found: "40000")
      ),
      (
        file(tokens: 2), "the pool cache's size",
        .invalid(expected: "96 bytes", found: "92 bytes")
      ),
      (file(length: 2), "the pool cache", wrongChecksum),
      (file(length: .max), "the pool cache", wrongChecksum),
      (
        file(token: 100), "a token of the pool cache",
        .invalid(expected: "below the vocabulary's size, 100", found: "100")
      ),
    ] as [(Data, String?, FileError.Problem)])
  func refused(contents: Data, part: String?, problem: FileError.Problem) throws {
    let folder = try TemporaryFolder()
    let path = folder.file("pool")
    try contents.write(to: URL(fileURLWithPath: path))
    #expect(throws: FileError(path, part, problem)) { try Self.read(path) }
  }

  static let wrongChecksum = FileError.Problem.malformed(
    reason: "is damaged: its checksum is wrong")

  @Test("A file of another vocabulary, and a folder in its place, are refused")
  func foreign() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("pool")
    try Self.file().write(to: URL(fileURLWithPath: path))
    #expect(
      throws: FileError(
        path, "the pool cache",
        .malformed(reason: "was made with another tokenizer's vocabulary"))
    ) {
      try EarlierTexts(
        path: path, vocabularyDigest: Array(repeating: 8, count: 32), vocabularySize: 100)
    }
    #expect(throws: InputFileError.self) { try Self.read(folder.path) }
    let nowhere = folder.file("no/pool")
    #expect(throws: OutputFileError(nowhere, reason: "No such file or directory")) {
      try EarlierTexts(vocabularyDigest: Self.digest).write(to: nowhere)
    }
  }

  @Test("Texts of earlier runs save passes")
  func savesPasses() throws {
    let script = RepeatingScript(seed: 3)
    let configuration = try LookaheadConfiguration(poolSources: .file, schedule: .fixed)
    var passes: [Int] = []
    for earlier in [[], [script.text]] {
      var decoder = try LookaheadDecoder(
        model: script.model, selector: GreedySelector(), configuration: configuration,
        earlierTexts: earlier)
      let found = try decoder.generate(prompt: script.prompt, stop: DivergenceTests.stop(60))
      #expect(found.tokens == script.text)
      passes.append(found.passes)
    }
    #expect(passes[0] == 60 && passes[1] < 40)
  }
}
