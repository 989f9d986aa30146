import Foundation
import TestSupport
import Testing

@testable import Llama

/// Fixtures/golden/template-constructs.json: what jinja2 renders, set up as transformers does.
struct TemplateConstructTests {
  private struct Golden: Decodable {
    let messages: [[String: String]]
    let tokens: [String: String]
    let cases: [Case]
  }

  private struct Case: Decodable {
    let template: String
    /// Nothing where the template fails.
    let text: String?
  }

  /// Valid in Jinja, not here, and refused by name.
  private static let refused: Set<String> = [
    "{{ 'a' * 3 }}", "{{ 7 / 2 }}", "{{ 'a b\tc\n d '.split() }}{{ 'a b'.split() | length }}",
    "{{ none | rejectattr('a') | list }}",
  ]

  @Test func `every construct does what Jinja does, or is refused`() throws {
    let url = URL(filePath: FixturePath.path("golden/template-constructs.json"))
    let golden = try JSONDecoder().decode(Golden.self, from: Data(contentsOf: url))
    let messages = try golden.messages.map { message in
      ChatMessage(
        role: try #require(message["role"].flatMap(ChatMessage.Role.init)),
        content: try #require(message["content"]))
    }
    #expect(golden.cases.count > 90)
    for example in golden.cases {
      let found = Result { () throws(ChatTemplateError) in
        try TemplateProgram(
          statements: TemplateParser.parse(example.template), namedTokens: golden.tokens
        ).run(messages, addGenerationPrompt: true, date: Date())
      }
      switch (found, example.text) {
      case (.success(let text), let expected):
        #expect(Array(text.utf8) == expected.map { Array($0.utf8) }, "\(example.template)")
      case (.failure(.unsupported), _?) where Self.refused.contains(example.template): break
      case (.failure(let error), let text?):
        Issue.record("\(example.template) is \(text.debugDescription), but here: \(error)")
      case (.failure, nil): break
      }
    }
  }
}
