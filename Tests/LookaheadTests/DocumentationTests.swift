import Foundation
import TestSupport
import Testing

@testable import Lookahead

/// The documents agree with the code.
@Suite struct DocumentationTests {
  @Test("The mask of README.md is drawn as the roles' predicate has it")
  func mask() throws {
    let drawing = try MaskDrawing.example()
    #expect(try Document("README.md").text.contains("```text\n\(drawing)\n```"), "\(drawing)")
  }

  @Test("The passes and the mask of docs/algorithm.md are those of the textbook")
  func workedExample() throws {
    let example = try WorkedExample()
    let algorithm = try Document("docs/algorithm.md")
    let shown = algorithm.codeBlocks("text").filter { $0.hasPrefix("pass ") }
    #expect(shown.count >= 5)
    let passes = example.descriptions
    for pass in shown { #expect(passes.contains(pass), "\(pass)\nis not among\n\(passes)") }
    let total = "\(example.tokens) tokens in \(example.passes.count) passes"
    #expect(algorithm.text.contains(total), "\(total)")
    #expect(algorithm.text.contains(WorkedExample.prompt))
    let drawing = MaskDrawing.draw(example.passes[10].plan)
    #expect(algorithm.codeBlocks("text").contains(drawing), "\(drawing)")
  }

  @Test("The code that docs/algorithm.md shows is in the textbook")
  func textbookCode() throws {
    let source = try Document("Sources/Lookahead/Textbook/TextbookLookahead.swift").text
    let blocks = try Document("docs/algorithm.md").codeBlocks("swift")
    #expect(blocks.count >= 4)
    for block in blocks {
      let isThere = [2, 4].contains { indentation in
        let lines = block.components(separatedBy: "\n").map {
          $0.isEmpty ? $0 : String(repeating: " ", count: indentation) + $0
        }
        return source.contains("\n" + lines.joined(separator: "\n") + "\n")
      }
      #expect(isThere, "\(block)")
    }
  }

  @Test("The reductions of docs/numerics.md are those that the kernels are tested against")
  func canonicalOrder() throws {
    let source = try ["CanonicalOrder", "CanonicalIntegers"].map {
      try Document("Tests/TestSupport/\($0).swift").text
    }.joined()
    let blocks = try Document("docs/numerics.md").codeBlocks("swift")
    for function in [
      "dot", "laneSum", "rmsNorm", "exponential", "swiGLU", "rotate", "attention", "rounded",
    ] {
      #expect(blocks.contains { $0.contains("func \(function)(") }, "\(function)")
    }
    for block in blocks {
      // In the source the functions are members, two spaces further right.
      let member = block.components(separatedBy: "\n").map { $0.isEmpty ? $0 : "  " + $0 }
      #expect(source.contains(member.joined(separator: "\n") + "\n"), "\(block)")
    }
  }

  @Test("Every divergence names a test that exists")
  func divergences() throws {
    let sections = try Document("docs/divergences.md").text
      .components(separatedBy: "\n## Not yet").first?.components(separatedBy: "\n### ").dropFirst()
    let entries = try #require(sections)
    #expect(entries.count >= 10)
    for entry in entries {
      let tests = entry.matches(of: /\n- Test: `([A-Za-z]+)`, "([^"\n]+)"/)
      #expect(!tests.isEmpty, "\(entry)")
      for test in tests {
        let path = Document.files(under: "Tests").first { $0.hasSuffix("/\(test.1).swift") }
        let source = try Document(try #require(path, "\(test.1)")).text
        #expect(source.contains("\"\(test.2)\""), "\(test.1): \(test.2)")
      }
    }
  }

  @Test("Every source file that a document names exists")
  func namedFiles() throws {
    let files = ["Sources", "Tests"].flatMap(Document.files) + ["Package.swift"]
    for document in try Document.all() {
      for match in document.text.matches(of: /`([A-Za-z0-9+\/]+\.swift)`/) {
        let exists = files.contains { $0 == match.1 || $0.hasSuffix("/" + match.1) }
        #expect(exists, "\(match.1) in \(document)")
      }
    }
  }

  @Test("Every link from one document to another leads somewhere")
  func links() throws {
    for document in try Document.all() {
      let folder = Document.root.appendingPathComponent(document.path).deletingLastPathComponent()
      for match in document.text.matches(of: /\]\(([A-Za-z0-9._\/-]+)\)/) {
        let target = folder.appendingPathComponent(String(match.1)).path
        #expect(FileManager.default.fileExists(atPath: target), "\(match.1) in \(document)")
      }
    }
  }
}
