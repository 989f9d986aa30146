import Foundation
import TestSupport
import Testing

@testable import Oracle

@Suite("NumPy arrays")
struct NumPyArrayTests {
  private let folder: TemporaryFolder
  private let data = [UInt8](littleEndian: [1, 2, 3, 4, 5, 6] as [Float])
  private static let good = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }      \n"

  init() throws { folder = try TemporaryFolder() }

  private func tensor(_ bytes: [UInt8], name: String = "a.npy") throws -> RecordedTensor {
    let recording = try Recording.open(try folder.write(bytes, to: name))
    #expect(recording.kind == .numPy)
    return try #require(try recording.passes[0].tensors().first)
  }

  @Test("every version of the header is read", arguments: [1, 2, 3] as [UInt8])
  func versions(major: UInt8) throws {
    let tensor = try tensor(numPyBytes(header: Self.good, version: (major, 0), data: data))
    #expect(tensor.name == "logits")
    #expect(tensor.rowCount == 2 && tensor.columnCount == 3)
    #expect(try tensor.row(1).values == [4, 5, 6])
  }

  @Test("a file called after a tensor holds that tensor")
  func name() throws {
    #expect(
      try tensor(numPyBytes(header: Self.good, data: data), name: "hidden.12.npy").name
        == "hidden.12")
  }

  @Test("keys may come in any order, and a batch of one is passed over")
  func batch() throws {
    let header = "{'shape':(1,2,3),'descr':'<f4','fortran_order':False}"
    #expect(try tensor(numPyBytes(header: header, data: data)).row(0).values == [1, 2, 3])
  }

  @Test(
    "what cannot be read is refused in a sentence",
    arguments: [
      ("{'descr': '<f4', 'fortran_order': True, 'shape': (2, 3), }", "Fortran order"),
      ("{'descr': '>f4', 'fortran_order': False, 'shape': (2, 3), }", "is >f4"),
      ("{'descr': '|O', 'fortran_order': False, 'shape': (2, 3), }", "is |O"),
      (
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 4), }",
        "which 24 bytes of data do not fill"
      ),
      (
        "{'descr': '<f4', 'fortran_order': False, 'shape': (4611686018427387904, 8), }",
        "bytes of data do not fill"
      ),
      ("{'descr': '<f4', 'descr': '<f4', 'shape': (2, 3), }", "descr twice"),
      ("{'descr': '<f4', 'shape': (2, 3), }", "lacks one of"),
      ("{'descr': '<f4', 'fortran_order': False, 'shape': (2, -3), }", "not a list of sizes"),
      ("{'descr': '<f4', 'fortran_order': maybe, 'shape': (2, 3), }", "neither True nor False"),
      ("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), } x", "goes on after its end"),
      ("{'descr': '<f4', 'version': 1, 'shape': (2, 3), }", "unknown key version"),
      ("['descr']", "lacks {"), ("", "lacks {"),
    ])
  func refused(header: String, words: String) throws {
    let path = try folder.write(numPyBytes(header: header, data: data), to: "a.npy")
    #expect(sentence(about: path) { try Recording.open(path) }.contains(words))
  }

  @Test("an unknown version is refused")
  func version() throws {
    let path = try folder.write(
      numPyBytes(header: Self.good, version: (4, 0), data: data), to: "a.npy")
    #expect(sentence(about: path) { try Recording.open(path) }.contains("has the version 4.0"))
  }
}
