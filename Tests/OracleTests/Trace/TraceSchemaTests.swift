import Foundation
import Llama
import Oracle
import TestSupport
import Testing

@Suite("The schema of traces")
struct TraceSchemaTests {
  static let root = URL(fileURLWithPath: FixturePath.root).deletingLastPathComponent().path
  static func schema() throws -> JSONSchema {
    try JSONSchema(path: root + "/docs/trace-schema.json")
  }

  @Test("Every trace is valid", arguments: TracedRun.Style.allCases)
  func valid(style: TracedRun.Style) throws {
    let run = try TracedRun(style, on: try TestModels.tinyLlama.get())
    let json = try JSONTree(path: "\(run.path)/trace.json")
    #expect(try Self.schema().complaints(about: json).isEmpty)
  }

  @Test("The committed traces are valid and can be read", arguments: ["lookahead", "forward"])
  func committed(name: String) throws {
    let path = FixturePath.path("trace/\(name)")
    #expect(try Self.schema().complaints(about: JSONTree(path: "\(path)/trace.json")).isEmpty)
    let trace = try Trace(folder: path)
    #expect(trace.header.decoder.rawValue == name)
    #expect(trace.passes.count > 1)
  }

  @Test("Every kind of rotary scaling has its form in the schema")
  func ropeScaling() throws {
    let scalings: [RotaryScaling] = [
      .unscaled, .linear(factor: 2), .divided(by: [1, 2]),
      .llama3(
        factor: 8, lowFrequencyFactor: 1, highFrequencyFactor: 4, originalContextLength: 512),
    ]
    let run = try TracedRun(.plain, on: try TestModels.tinyLlama.get())
    for scaling in scalings {
      var header = run.trace.header
      header.model.configuration.ropeScaling = scaling
      let folder = try TemporaryFolder()
      try TraceWriter(header, to: folder.file("t")).finish(tokens: [], finishReason: .length)
      let json = try JSONTree(path: folder.file("t/trace.json"))
      #expect(try Self.schema().complaints(about: json).isEmpty, "\(scaling)")
      #expect(try Trace(folder: folder.file("t")).header == header)
    }
  }

  @Test("A trace with any field missing, of another type or too many is not valid")
  func invalid() throws {
    let schema = try Self.schema()
    let json = try JSONTree(path: FixturePath.path("trace/lookahead/trace.json"))
    let optional: Set = [
      "finishReason", "lookahead", "sampling", "window", "pool", "bosTokenID", "penaltyWindow",
    ]
    var count = 0
    for (name, changed) in json.spoilt() where !optional.contains(name) {
      count += 1
      #expect(!schema.complaints(about: changed).isEmpty, "\(name)")
    }
    #expect(count > 100)
  }

  @Test("docs/trace-format.md explains every field")
  func documented() throws {
    let page = try String(contentsOfFile: Self.root + "/docs/trace-format.md", encoding: .utf8)
    for name in try Self.schema().propertyNames.sorted() {
      #expect(page.contains("`\(name)`"), "\(name)")
    }
  }
}

extension JSONTree {
  /// This value with one member missing, of another type, or too many, at one place; of equal elements
  /// of an array only the first is spoilt.
  fileprivate func spoilt() -> [(name: String, value: JSONTree)] {
    switch self {
    case .object(let members):
      let missing = members.keys.map { name in
        (name: name, value: JSONTree.object(members.filter { $0.key != name }))
      }
      let inside = members.flatMap { name, member in
        member.spoilt().map { spoilt in
          (
            name: spoilt.name,
            value: JSONTree.object(members.merging([name: spoilt.value]) { $1 })
          )
        }
      }
      let extra = (
        name: "extra", value: JSONTree.object(members.merging(["extra": .null]) { $1 })
      )
      return missing + inside + [extra]
    case .array(let elements):
      guard let first = elements.first else { return [] }
      return first.spoilt().map { ($0.name, .array([$0.value] + elements.dropFirst())) }
    case .string, .number, .bool, .null:
      return [(name: "value", value: .object([:]))]
    }
  }
}
