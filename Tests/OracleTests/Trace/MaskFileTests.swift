import Foundation
import Llama
import Oracle
import TestSupport
import Testing

@Suite("Masks in files")
struct MaskFileTests {
  static let expected = AttentionMask(
    cachedCount: 2, queries: 3, seesKey: { query, key in key < 2 || key == 2 || key == query + 2 })

  @Test(
    "A mask of 0, 1, true and false says what each row sees",
    arguments: [
      "[[1,0,0],[1,1,0],[1,0,1]]", " \n[[true,false,false],[1,true,0],[1.0,0,1]]",
      "[[1,1,1,0,0],[1,1,1,1,0],[1,1,1,0,1]]",
    ])
  func json(text: String) throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(text, to: "mask.json")
    #expect(try MaskFile.read(path, rows: 3, cachedCount: 2) == Self.expected)
  }

  @Test("Cached keys can be hidden")
  func hiddenCache() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("[[0,1,1]]", to: "mask.json")
    let mask = try MaskFile.read(path, rows: 1, cachedCount: 2)
    #expect(mask.keys(seenBy: 0) == [1, 2])
  }

  @Test(
    "A tensor says the same, whatever its type, with or without the dimensions of a batch",
    arguments: ["BOOL", "U8", "F32", "additive", "F16", "BF16"])
  func safetensors(kind: String) throws {
    let seen = [true, false, false, true, true, false, true, false, true]
    let folder = try TemporaryFolder()
    for shape in [[3, 3], [1, 1, 3, 3]] {
      let tensor: SafetensorsWriter.Tensor =
        switch kind {
        case "F32": .init("mask", shape: shape, values: seen.map { $0 ? 1 : 0 })
        case "additive":
          .init("mask", shape: shape, values: seen.map { $0 ? 0 : -.greatestFiniteMagnitude })
        case "F16":
          .init(
            "mask", elementType: kind, shape: shape, bytes: seen.flatMap { [0, $0 ? 0x3C : 0] })
        case "BF16":
          .init(
            "mask", elementType: kind, shape: shape,
            bytes: seen.flatMap { [$0 ? 0 : 0x80, $0 ? 0 : 0xFF] })
        default:
          .init("mask", elementType: kind, shape: shape, bytes: seen.map { $0 ? 1 : 0 })
        }
      let path = try folder.write(SafetensorsWriter([tensor]).bytes(), to: "mask.safetensors")
      #expect(try MaskFile.read(path, rows: 3, cachedCount: 2) == Self.expected)
    }
  }

  @Test(
    "What is no mask for the pass is refused in one sentence",
    arguments: [
      ("[[1,0],[1,1]]", "has a mask of the shape [2, 2], but the pass needs [3, 3] or [3, 5]."),
      ("[]", "has a mask of the shape [0, 0], but the pass needs [3, 3] or [3, 5]."),
      (
        "[[1,0,0],[1,1],[1,0,1]]",
        "is not a mask: row 1 has 2 elements, but row 0 has 3."
      ),
      (
        "[[1,0,0],[1,0.5,0],[1,0,1]]",
        "is not a mask: row 1 has 0.5 for key 1, where 0, 1, true or false is needed, or in a "
          + "tensor that is added to scores 0 or at most -10000."
      ),
      (
        #"[[1,0,"x"],[1,1,0],[1,0,1]]"#,
        #"is not a mask: row 0 has the text "x" for key 2, where 0, 1, true or false is needed, or "#
          + "in a tensor that is added to scores 0 or at most -10000."
      ),
      (
        "[[1,0,\"\u{1B}[2J\(String(repeating: "x", count: 100))\"]]",
        "is not a mask: row 0 has the text \"?[2J\(String(repeating: "x", count: 56))…\" for key 2, "
          + "where 0, 1, true or false is needed, or in a tensor that is added to scores 0 or at most "
          + "-10000."
      ),
      (
        "[[1,null]]",
        "is not a mask: row 0 has something else for key 1, where 0, 1, true or false is needed, or "
          + "in a tensor that is added to scores 0 or at most -10000."
      ),
      ("[[1,0,0],3]", "is not a mask: JSON must be an array with one array for each row."),
      ("[[1,x,0]]", "is not a mask: JSON must be an array with one array for each row."),
      ("[[1]] [", "is not a mask: JSON must be an array with one array for each row."),
      ("[[1,0,0],", "is not a mask: JSON must be an array with one array for each row."),
      ("", "the header ends at byte 8, but the file has 0 bytes."),
      ("{}", "the header ends at byte 8, but the file has 2 bytes."),
    ])
  func refused(text: String, words: String) throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(text, to: "mask.json")
    #expect(sentence(about: path) { try MaskFile.read(path, rows: 3, cachedCount: 2) } == words)
  }

  @Test(arguments: [3, 4] as [UInt64])
  func `JSON with any characters changed is refused in a sentence or means what it says`(
    seed: UInt64
  ) throws {
    let folder = try TemporaryFolder()
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<1_000 {
      var text = Array(" [[1,0, false],[true,1.0,0 ],\n[1,0.0,1]]".utf8)
      for _ in 0...Int.random(in: 0...2, using: &generator) {
        let place = Int.random(in: text.indices, using: &generator)
        text[place] = try #require(Array("01[],tf \".-e\\n{".utf8).randomElement(using: &generator))
      }
      let path = try folder.write(text, to: "mask.json")
      guard let mask = try? MaskFile.read(path, rows: 3, cachedCount: 0) else {
        #expect(
          sentence(about: path) { try MaskFile.read(path, rows: 3, cachedCount: 0) }.hasSuffix("."))
        continue
      }
      let cells = try JSONSerialization.jsonObject(with: Data(text)) as? [[NSNumber]]
      for (row, cells) in try #require(cells).enumerated() {
        #expect(mask.keys(seenBy: row) == cells.indices.filter { cells[$0].boolValue })
      }
    }
  }

  @Test("A tensor that is no mask is refused in one sentence")
  func refusedTensors() throws {
    let folder = try TemporaryFolder()
    let ones = [Float](repeating: 1, count: 9)
    let cases: [(SafetensorsWriter.Tensor, String)] = [
      (.init("m", shape: [3, 3], values: ones), "has no tensor named mask."),
      (.init("mask", shape: [9], values: ones), "[9], which is no matrix."),
      (
        .init("mask", shape: [1 << 40, 0], values: []),
        "the shape [1099511627776, 0], but the pass needs"
      ),
      (
        .init(
          "mask", elementType: "I64", shape: [3, 3], bytes: Array(repeating: 0, count: 72)),
        "the element type I64"
      ),
      (
        .init(
          "mask", elementType: "\\u001B[31m", shape: [3, 3], bytes: Array(repeating: 0, count: 9)),
        "the element type ?[31m"
      ),
      (
        .init(
          "mask", shape: Array(repeating: 1, count: 1_000) + [2, 2, 2], values: Array(ones[..<8])),
        "the shape [1, 1, 1, 1, 1, 1, 1, 1, …], which is no matrix"
      ),
      (
        .init("mask", shape: [3, 3], values: Array(repeating: -1, count: 9)),
        "row 0 has -1.0 for key 0"
      ),
      (
        .init("mask", shape: [3, 3], values: Array(repeating: .nan, count: 9)),
        "row 0 has nan for key 0"
      ),
    ]
    for (tensor, words) in cases {
      let path = try folder.write(SafetensorsWriter([tensor]).bytes(), to: "mask.safetensors")
      let found = sentence(about: path) { try MaskFile.read(path, rows: 3, cachedCount: 2) }
      #expect(found.contains(words), "\(found)")
    }
  }
}
