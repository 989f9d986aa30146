import Foundation
import TestSupport
import Testing

@testable import Oracle

/// A damaged file gives an error of one sentence or something that can be compared, and never ends
/// the process.
@Suite("Damaged recordings")
struct RecordingCorruptionTests {
  /// A small file of each kind.
  enum Sample: String, CaseIterable, CustomTestStringConvertible {
    case safetensors, numPy, llamaCpp, completion, trace

    var testDescription: String { rawValue }

    var bytes: [UInt8] {
      switch self {
      case .safetensors:
        SafetensorsWriter([
          .init("hidden.0", shape: [2, 3], values: [1, 2, 3, 4, 5, 6]),
          .init("logits", shape: [1, 4], values: [1, 2, 3, 4]),
        ]).bytes()
      case .numPy:
        numPyBytes(
          header: "{'descr': '<f8', 'fortran_order': False, 'shape': (1, 4), }\n",
          data: [1.0, 2, -3, 4].flatMap { [UInt8](littleEndian: $0.bitPattern) })
      case .llamaCpp:
        llamaCppBytes(
          contextLength: 4, vocabularySize: 4, chunks: 1, tokens: [1, 2, 3, 0],
          rows: [(0x1p-13, -4, [1, 2, 3, 4])])
      case .completion:
        Array(
          #"{"choices":[{"logprobs":{"content":[{"id":1,"token":"a","logprob":-1.5,"#.utf8)
          + Array(#""top_logprobs":[{"id":2,"token":"b","logprob":-2}]}]}}]}"#.utf8)
      case .trace:
        Array(
          #"{"format":"lookahead-trace","schema":1,"passes":[{"file":"pass","cachedCount":2,"#.utf8)
          + Array(
            #""rows":[{"token":1,"visible":{"cached":[[0,2]],"rows":[0]}}],"#.utf8)
          + Array(#""logitRows":[0]}]}"#.utf8)
      }
    }
  }

  private let folder: TemporaryFolder
  private let other: Recording

  init() throws {
    folder = try TemporaryFolder()
    try folder.write(Sample.safetensors.bytes, to: "pass")
    other = try Recording.open(try folder.write(Sample.safetensors.bytes, to: "other"))
  }

  /// Opens the bytes and compares them with a good file; returns whether they could be opened.
  private func opens(_ bytes: [UInt8], _ sample: Sample) throws -> Bool {
    let name = sample == .trace ? "trace.json" : "recording"
    let path = try folder.write(bytes, to: name)
    do {
      let recording = try Recording.open(sample == .trace ? folder.path : path)
      do {
        let result = try RecordingComparer.compare(other, recording)
        #expect(!result.sentence.isEmpty)
        #expect(try !JSONEncoder().encode(result).isEmpty)
      } catch {
        #expect("\(error)".hasSuffix("."), "\(error)")
      }
      return true
    } catch {
      #expect("\(error)".hasSuffix("."), "\(error)")
      return false
    }
  }

  @Test("the undamaged file can be compared", arguments: Sample.allCases)
  func undamaged(sample: Sample) throws { #expect(try opens(sample.bytes, sample)) }

  @Test("the file cut short anywhere is refused", arguments: Sample.allCases)
  func truncated(sample: Sample) throws {
    for count in sample.bytes.indices {
      #expect(try !opens(Array(sample.bytes.prefix(count)), sample), "\(count) bytes")
    }
  }

  @Test("any byte may be anything", arguments: Sample.allCases, [7, 8] as [UInt64])
  func flipped(sample: Sample, seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    for index in sample.bytes.indices {
      var damaged = sample.bytes
      damaged[index] = .random(in: .min ... .max, using: &generator)
      _ = try opens(damaged, sample)
    }
  }

  @Test("any character of JSON may be any other", arguments: [Sample.completion, .trace], [9, 10])
  func characters(sample: Sample, seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    for index in sample.bytes.indices {
      var damaged = sample.bytes
      damaged[index] = Array("0123456789-.e[]{}\",n:".utf8).randomElement(using: &generator) ?? 0
      _ = try opens(damaged, sample)
    }
  }

  @Test("what is of no kind is refused", arguments: ["", "Once upon a time", "\u{0}\u{0}", "[1]"])
  func unknown(text: String) throws {
    let path = try folder.write(text, to: "story.txt")
    #expect(throws: RecordingError.unknownKind(path: path)) { try Recording.open(path) }
  }

  @Test("a name that a safetensors header has twice is refused")
  func twice() throws {
    var writer = SafetensorsWriter()
    writer.header =
      #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"#
      + #""a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#
    writer.trailing = [0, 0, 0, 0]
    let path = try folder.write(writer.bytes(), to: "twice")
    #expect(
      sentence(about: path) { try Recording.open(path) }.contains(
        "the tensor a occurs more than once"))
  }
}
