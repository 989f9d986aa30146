import Foundation
import Testing

/// docs/reading-order.md is true.
@Suite struct ReadingOrderTests {
  /// The files of the main list, in its order.
  static func mainList() throws -> [String] {
    let sections = try Document("docs/reading-order.md").text.components(separatedBy: "\n## ")
    let section = try #require(sections.first { $0.hasPrefix("Fourteen files") })
    return section.matches(of: /\n[0-9]+\. `([^`]+)`/).map { String($0.1) }
  }

  @Test("The main list has fourteen files that exist, the textbook among them")
  func exist() throws {
    let files = try Self.mainList()
    #expect(files.count == 14 && Set(files).count == 14)
    #expect(files.contains("Sources/Lookahead/Textbook/TextbookLookahead.swift"))
    for file in files {
      let path = Document.root.appendingPathComponent(file).path
      #expect(FileManager.default.fileExists(atPath: path), "\(file)")
    }
  }

  @Test("No file of the main list uses a type that a later one declares")
  func order() throws {
    var declared: [(type: String, file: String)] = []
    for file in try Self.mainList().reversed() {
      // Comments may look ahead.
      let code = try Document(file).text.replacing(/\/\/[^\n]*/, with: "")
      let words = Set(code.matches(of: /[A-Za-z_][A-Za-z0-9_]*/).map { String($0.0) })
      for later in declared {
        #expect(!words.contains(later.type), "\(file) uses \(later.type) of \(later.file)")
      }
      let pattern =
        /\n(?:public )?(?:final )?(?:struct|class|enum|protocol|actor) ([A-Z][A-Za-z0-9]*)/
      declared += code.matches(of: pattern).map { (String($0.1), file) }
    }
    #expect(declared.count >= 14)
  }

  @Test("Every folder that the page names exists")
  func folders() throws {
    let page = try Document("docs/reading-order.md")
    for match in page.text.matches(of: /`((?:Sources|Tests|Fuzzing|examples)\/[A-Za-z0-9\/-]*)`/) {
      let path = Document.root.appendingPathComponent(String(match.1)).path
      #expect(FileManager.default.fileExists(atPath: path), "\(match.1)")
    }
  }
}
