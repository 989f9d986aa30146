import Foundation
import TestSupport
import Testing

@testable import Oracle

@Suite("Logits of llama.cpp's perplexity tool")
struct LlamaCppLogitsTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Two chunks of five tokens of a vocabulary of three; of each chunk the rows 2 and 3 are kept.
  private var bytes: [UInt8] {
    llamaCppBytes(
      contextLength: 5, vocabularySize: 3, chunks: 2, tokens: [0, 1, 2, 1, 0, 2, 2, 1, 1, 0],
      rows: [
        (0x1p-13, -4, [0, 28_672, 4_096]), (0x1p-14, -2, [4_096, 8_192, 12_288]),
        (0, -1.5, [0, 0, 0]), (0x1p-13, -8, [65_535, 0, 0]),
      ])
  }

  @Test("each chunk is a pass with its tokens, positions and kept rows")
  func passes() throws {
    let recording = try Recording.open(try folder.write(bytes, to: "logits.kld"))
    #expect(recording.kind == .llamaCpp)
    #expect(recording.passes.count == 2)
    let pass = recording.passes[1]
    #expect(pass.facts.logitRows == [2, 3])
    #expect(pass.facts.rows?.map(\.token) == [nil, 2, 1, 1, 0])
    #expect(pass.facts.rows?.map(\.position) == [0, 1, 2, 3, 4])
    #expect(try pass.tensors()[0].rowCount == 2)
  }

  @Test("values are steps above the smallest; what is only known to be lower is left out")
  func values() throws {
    let recording = try Recording.open(try folder.write(bytes, to: "logits.kld"))
    let first = try recording.passes[0].tensors()[0]
    #expect(try first.row(0).values == [-0.5, -3.5])
    #expect(try first.row(0).columns == [1, 2])
    #expect(try first.row(0).halfStep == 0x1p-14)
    #expect(try first.row(0).isLogProbability)
    #expect(try first.row(1).values == [-1.75, -1.5, -1.25])
    // All tokens are equally probable: there is no step.
    #expect(try recording.passes[1].tensors()[0].row(0).values == [-1.5, -1.5, -1.5])
  }

  @Test(
    arguments: [
      (.nan, -4), (.infinity, -4), (-0x1p-13, -4), (1, -4), (0x1p-13, .nan), (0x1p-13, 1),
      (0x1p-13, -.infinity),
    ] as [(Float, Float)])
  func `a scale that the tool does not write is refused, not granted as rounding`(
    step: Float, smallest: Float
  ) throws {
    let bytes = llamaCppBytes(
      contextLength: 4, vocabularySize: 2, chunks: 1, tokens: [1, 0, 1, 0],
      rows: [(step, smallest, [1, 2])])
    let path = try folder.write(bytes, to: "logits.kld")
    let recording = try Recording.open(path)
    let found = sentence(about: path) { try RecordingComparer.compare(recording, recording) }
    #expect(found.contains("row 0 of chunk 0 has steps of "), "\(found)")
  }

  @Test(
    "counts that do not fit the file are refused",
    arguments: [
      (-1, 3, 2, "too few"), (2, 3, 2, "too few"), (5, 0, 2, "too few"), (5, 3, 0, "too few"),
      (5, 5, 2, "which are not those of"), (5, 3, 3, "which are not those of"),
      (.max, .max, .max, "lacks some of its"), (.max, 1, 1, "lacks some of its"),
    ] as [(Int32, Int32, Int32, String)])
  func counts(context: Int32, vocabulary: Int32, chunks: Int32, words: String) throws {
    var bytes = bytes
    let counts = [context, vocabulary, chunks].flatMap { [UInt8](littleEndian: $0) }
    bytes.replaceSubrange(8..<20, with: counts)
    let path = try folder.write(bytes, to: "logits.kld")
    #expect(sentence(about: path) { try Recording.open(path) }.contains(words))
  }
}
