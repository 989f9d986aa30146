import Foundation
import TestSupport
import Testing

@testable import Llama

struct TemplateInterpreterTests {
  private static let messages = [
    ChatMessage(role: .user, content: " hé "), ChatMessage(role: .assistant, content: "a"),
  ]

  private func run(_ source: String) throws(ChatTemplateError) -> String {
    try TemplateProgram(
      statements: TemplateParser.parse(source), namedTokens: ["bos_token": "<s>"]
    ).run(Self.messages, addGenerationPrompt: true, date: Date())
  }

  /// Checked against Jinja 3.1 with the settings of transformers.
  @Test(arguments: [
    ("{{ 1 + 2 * 3 - 4 }}", "3"), ("{{ -7 // 2 }} {{ -7 % 3 }} {{ 7 % -3 }}", "-4 2 -2"),
    ("{{ 1 < 2 < 3 }} {{ 3 > 2 > 2 }}", "True False"), ("{{ none }}{{ nothing }}", "None"),
    ("{{ 'a' ~ 1 ~ none ~ true }}", "a1NoneTrue"), ("{{ \"x\\ty\\u0041\\q\" 'z' }}", "x\tyA\\qz"),
    ("{{ not true or 1 and 'x' }}", "x"), ("{{ '' or 'b' }}{{ 0 and 1 }}", "b0"),
    ("{{ 2 not in [1, 2] }}{{ 'é' in messages[0].content }}", "FalseTrue"),
    ("{{ 'y' if false else 'n' }}{{ 'y' if false }}", "n"),
    ("{{ messages[0].content | trim | length }}", "2"),
    ("{{ messages[0]['content'].strip() + '|' }}", "hé|"),
    ("{{ messages[-1].role }}{{ messages[1:] | length }}{{ 'abc'[1:-1] }}", "assistant1b"),
    ("{{ messages[0].nope is defined }}{{ messages[0].role is string }}", "FalseTrue"),
    ("{{ tools is none }}{{ tools is not defined }}", "TrueFalse"),
    ("{{ 4 is even }}{{ 4 is divisibleby 3 }}{{ 1 is eq(true) }}", "TrueFalseTrue"),
    ("{{ messages | selectattr('role', 'equalto', 'user') | list | length }}", "1"),
    ("{{ {'a': 1}['a'] }}{{ [1, 2] | join('-') }}{{ [3, 4] | last }}", "11-24"),
    ("{{ x | default('d') }}{{ '' | default('e', true) }}", "de"),
    ("{{ messages[0].get('zz', 'f') }}{{ bos_token }}{{ eos_token }}", "f<s>"),
    ("{{ 'a.b.c'.split('.')[1] }}{{ 'aXb'.replace('X', '--') }}", "ba--b"),
    ("{{ 'Abc'.startswith('A') }}{{ 'x'.upper() }}", "TrueX"),
    ("{% set x = 1 %}{% if x %}{% set x = 2 %}{% endif %}{{ x }}", "2"),
    ("{% set x = 1 %}{% for i in [1] %}{% set x = 2 %}{% endfor %}{{ x }}", "1"),
    ("{% set n = namespace(x=1) %}{% for i in [1] %}{% set n.x = 2 %}{% endfor %}{{ n.x }}", "2"),
    (
      "{% for i in range(3) %}{{ loop.index0 }}{{ loop.last }} {% endfor %}", "0False 1False 2True "
    ),
    ("{% for i in [1, 2, 3] if i != 2 %}{{ i }}/{{ loop.length }} {% endfor %}", "1/2 3/2 "),
    ("{% for k, v in {'a': 1}.items() %}{{ k }}{{ v }}{% endfor %}", "a1"),
    ("{% if false %}a{% elif true %}b{% else %}c{% endif %}", "b"),
    ("{% generation %}g{% endgeneration %}", "g"),
    ("{% macro f(x) %}{{ x }}{% endmacro %}m", "m"),
    ("a\n{% if true %}\n  b\n  {% endif %}\nc\n", "a\n  b\nc"), ("{{ 1 }}\nx", "1\nx"),
    ("a {#- x -#} b", "ab"),
    ("  {% if true %}x{% endif +%}\n y", "x\n y"), ("a {%- if true -%} \n b {% endif %}", "ab "),
    ("a  {%+ if true %}b{% endif %}", "a  b"), ("a {{- 1 -}} \n b", "a1b"),
    ("x\r\ny\rz", "x\ny\nz"),
    ("{{ '}}' }}{{ {'a': {}} | length }}", "}}1"), ("{{ '\u{1C} a\u{85}' | trim }}", "a"),
  ])
  func `templates do what Jinja does`(source: String, expected: String) throws {
    #expect(Array(try run(source).utf8) == Array(expected.utf8), "\(source)")
  }

  @Test(
    arguments: [
      "{{ 1", "{% if true %}", "{% for x in y %}{% endif %}", "{{ }}", "{{ 'a }}", "{# ",
      "{% endif %}",
      "{{ a b }}", "{{ (1 }}", "{{ 1) }}", "{% %}", "{{ a. }}", "{% for in x %}{% endfor %}",
      "{{ ! }}",
      "{{ '\\xZZ' }}", "{{ 99999999999999999999 }}", "{% if 1 %}{% else %}{% else %}{% endif %}",
      "{{ a[] }}", "{{ a[1:2:3:4] }}", "{{ {'a'} }}", "{% else %}", "{{ '\\ud800' }}",
    ])
  func `what is not a template is malformed`(source: String) {
    let error = #expect(throws: ChatTemplateError.self) { try run(source) }
    guard case .malformed(line: 1, _)? = error else {
      Issue.record("\(source): \(String(describing: error))")
      return
    }
  }

  @Test(arguments: [
    "{% include 'x' %}", "{% block x %}{% endblock %}", "{{ 1.5 }}", "{{ messages }}",
    "{{ 1 / 2 }}", "{{ \(String(repeating: "n", count: 257)) }}",
    "{{ 2 ** 3 }}", "{{ 'a' * 3 }}", "{{ 'a' is lower }}", "{{ 'a'.center(3) }}",
    "{{ lipsum() }}", "{% for i in [1] %}{% macro f() %}{% endmacro %}{% endfor %}",
    "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}", "{{ strftime_now('%j') }}",
    "{{ 'a' < 'b' }}", "{{ range('a') }}",
    "{% for x in [] recursive %}{% endfor %}",
    "{% set n = namespace() %}{% set n.a = n %}", "{{ [namespace()] | length }}",
    "{% set n = namespace(a=1) %}{% for i in range(99) %}{% set n.a = [n.a] %}{% endfor %}",
    "{% set n = namespace(a=1) %}{% for i in range(99) %}{% set n.a = {'b': n.a} %}{% endfor %}",
  ])
  func `what is not implemented is an error`(source: String) {
    let error = #expect(throws: ChatTemplateError.self) { try run(source) }
    guard case .unsupported(line: 1, _)? = error else {
      Issue.record("\(source): \(String(describing: error))")
      return
    }
  }

  @Test(arguments: [
    "{{ nothing.at_all }}", "{{ 'a' + 1 }}", "{{ 1 % 0 }}", "{{ none | length }}",
    "{{ nothing + 'a' }}",
    "{% for x in 1 %}{% endfor %}", "{% set n.x = 1 %}", "{{ 9223372036854775807 + 1 }}",
    "{{ -(-9223372036854775807 - 1) }}", "{{ (-9223372036854775807 - 1) // -1 }}",
    "{% for a, b in [1] %}{% endfor %}", "{{ 'a' is odd }}", "{{ 1 in 2 }}",
  ])
  func `what has no result fails`(source: String) {
    let error = #expect(throws: ChatTemplateError.self) { try run(source) }
    guard case .failed(line: 1, _)? = error else {
      Issue.record("\(source): \(String(describing: error))")
      return
    }
  }

  @Test func `a template's own exception is passed on`() {
    #expect(throws: ChatTemplateError.refused(message: "no")) {
      try run("{{ raise_exception('no') }}")
    }
  }

  /// A step that looks up a long key takes as long as the key.
  private static let longKeys = ["{}[k]", "namespace()[k]", "{}.get(k)", "k in {}", "{k: 1}['a']"]
    .map { expression in
      "{% set k = '\(String(repeating: "k", count: 1_000))' %}"
        + "{% for i in range(2000) %}{% if \(expression) %}{% endif %}{% endfor %}"
    }

  @Test(
    .timeLimit(.minutes(1)),
    arguments: [
      "{% for a in range(100000) %}{% for b in range(100000) %}{% endfor %}{% endfor %}",
      "{{ range(9223372036854775807) | length }}",
      "{% set n = namespace(x='xxxxxxxx') %}{% for i in range(60) %}{% set n.x = n.x + n.x %}"
        + "{% endfor %}",
      "{% set r = range(1000) %}{% for a in r %}{% for b in r %}{% for c in r %}{% endfor %}"
        + "{% endfor %}{% endfor %}",
      "{% set n = namespace(x=[1]) %}{% for i in range(60) %}{% set n.x = n.x + n.x %}{% endfor %}",
      "{% set n = namespace(x='aaaaaaaa') %}{% for i in range(9) %}"
        + "{% set n.x = n.x | replace('a', n.x) %}{% endfor %}",
      "{% set n = namespace(x='aaaaaaaa') %}{% for i in range(9) %}"
        + "{% set n.x = n.x | list | join(n.x) %}{% endfor %}",
      "{% set n = namespace(a=[1], b=[1]) %}{% for i in range(40) %}{% set n.a = [n.a, n.a] %}"
        + "{% set n.b = [n.b, n.b] %}{% endfor %}{{ n.a == n.b }}",
      "{% for i in range(90000) %}{{ strftime_now('%d') }}{% endfor %}",
    ] + longKeys)
  func `a template that would never end is stopped`(source: String) {
    #expect(throws: ChatTemplateError.endless(line: 1)) { try run(source) }
  }

  /// Time that grew with the product of two texts would be hours.
  @Test(.timeLimit(.minutes(1)))
  func `a long message is gone through quickly`() throws {
    let text = String(repeating: "a", count: 3_000_000)
    let part = String(repeating: "a", count: 1_000_000) + "b"
    #expect(!PythonText.contains(text, part))
    #expect(
      PythonText.split(text + "b" + text, by: part) == [String(text.dropLast(1_000_000)), text])
    let source = "{% for m in messages %}{{ m.content.strip('xyz') | trim + m.role }}{% endfor %}"
    let output = try TemplateProgram(
      statements: TemplateParser.parse(source), namedTokens: [:]
    ).run([ChatMessage(role: .user, content: text)], addGenerationPrompt: true, date: Date())
    #expect(output == text + "user")
  }

  @Test(arguments: [
    "(", "[", "not ", "-", "{% if 1 %}", "{'a':", "f(", "x[", "1 if 1 else ", "1 if ",
  ])
  func `deep nesting is an error`(opening: String) {
    let nested = String(repeating: opening, count: 5_000)
    #expect(throws: ChatTemplateError.self) {
      try run(opening.hasPrefix("{%") ? nested : "{{ " + nested)
    }
  }

  @Test(arguments: [" + 1", " ~ 1", " or 1", " and 1", " == 1", " | string", ".a", "['a']"])
  func `long chains are no nesting`(link: String) throws {
    let chain = String(repeating: link, count: 3_000)
    #expect(throws: Never.self) { try TemplateParser.parse("{{ 1" + chain + " }}") }
    do {
      _ = try run("{{ 1" + chain + " }}")
    } catch {
      #expect(error.description.hasSuffix("."))
    }
  }

  @Test func `arbitrary changes to a template never stop the program`() {
    let original = Array(
      """
      {% for m in messages %}{% if loop.first and m['role'] != 'system' %}{{ '<s>\\n' }}{% endif -%}
      {{ m.role + ':' + m.content | trim ~ (1 if x is defined else 2) }} {# c #}{% endfor %}
      {% set n = namespace(a=[1, 2][-1:], b={'k': none}) %}{{ n.b.get('k') }}{{ 'ab'[1] }}
      """.unicodeScalars)
    let pool = Array("{}%#-+'\"\\.[]()|~=<> \n,:ax1é🦊".unicodeScalars)
    var random = SeededGenerator(seed: 53)
    for _ in 0..<1500 {
      var scalars = original
      for _ in 0..<Int.random(in: 1...5, using: &random) {
        let place = Int.random(in: scalars.indices, using: &random)
        scalars[place] = pool.randomElement(using: &random) ?? " "
        if Bool.random(using: &random) { scalars.remove(at: place) }
      }
      do {
        _ = try run(String(String.UnicodeScalarView(scalars)))
      } catch {
        #expect(error.description.hasSuffix("."))
      }
    }
  }
}
