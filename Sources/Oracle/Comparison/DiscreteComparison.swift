import Llama

/// Finds, for everything that is no matter of rounding, the first place where two recordings
/// differ.
struct DiscreteComparison {
  private var noted: [DiscreteDifference] = []
  private var found: Set<DiscreteDifference.Subject> = []

  /// The first difference of each subject, in the order in which a decoder computes them.
  var differences: [DiscreteDifference] {
    noted.sorted { $0.place.lexicographicallyPrecedes($1.place) }
  }

  /// Whether the passes so far were run on the same rows, masks and caches, as far as both tell.
  var hasSameInputs: Bool { !found.contains(where: \.isInput) }

  init(_ a: Recording, _ b: Recording) {
    compare(.prompt, a.prompt, b.prompt) { "Token \($0) of the prompt" }
    if a.kind == .trace, b.kind == .trace, a.passes.count != b.passes.count {
      note(.passes, "A has \(a.passes.count) passes and B has \(b.passes.count)")
    }
  }

  mutating func addTokens(_ a: Recording, _ b: Recording) {
    compare(.tokens, a.tokens, b.tokens) { "Generated token \($0)" }
  }

  mutating func add(_ passA: RecordedPass, _ passB: RecordedPass) {
    let (pass, a, b) = (passA.index, passA.facts, passB.facts)
    if let countA = a.cachedCount, let countB = b.cachedCount, countA != countB {
      note(.cachedCount, pass: pass, "the cache holds \(countA) tokens in A and \(countB) in B")
    }
    if let rowsA = a.rows, let rowsB = b.rows { addRows(rowsA, rowsB, pass) }
    compare(
      .candidates, Self.tokens(a), Self.tokens(b), pass: pass, as: Self.list,
      then: Self.order(a, b)
    ) { "candidate \($0)" }
    compare(.frontier, a.frontier, b.frontier, pass: pass, as: Self.answer) {
      "prediction \($0) of the frontier"
    }
    compare(.selected, a.selected, b.selected, pass: pass, as: Self.answer) {
      "accepted token \($0)"
    }
    compare(.acceptedRows, a.acceptedRows, b.acceptedRows, pass: pass) { "accepted row \($0)" }
    compare(.window, a.window, b.window, pass: pass, as: Self.list) {
      "level \($0) of the window after the pass"
    }
  }

  private mutating func addRows(
    _ a: [TraceRow], _ b: [TraceRow], _ pass: Int
  ) {
    if a.count != b.count {
      note(.rows, pass: pass, "there are \(a.count) rows in A and \(b.count) in B")
    }
    for (row, (a, b)) in zip(a, b).enumerated() {
      if let tokenA = a.token, let tokenB = b.token, tokenA != tokenB {
        note(.token, pass: pass, row: row, "the token is \(tokenA) in A and \(tokenB) in B")
      }
      if let positionA = a.position, let positionB = b.position, positionA != positionB {
        note(
          .position, pass: pass, row: row, "the position is \(positionA) in A and \(positionB) in B"
        )
      }
      if let keysA = a.visible, let keysB = b.visible, let (key, sees) = keysA.difference(keysB) {
        let (one, other) = sees == .a ? ("A", "B") : ("B", "A")
        note(
          .mask, pass: pass, row: row,
          "the mask of \(one) lets it see \(key), that of \(other) does not")
      }
    }
  }

  private mutating func note(
    _ subject: DiscreteDifference.Subject, pass: Int? = nil, row: Int? = nil, _ words: String
  ) {
    guard found.insert(subject).inserted else { return }
    let place = pass.map { "Pass \($0)" + (row.map { ", row \($0)" } ?? "") + ": " } ?? ""
    noted.append(
      DiscreteDifference(
        subject: subject, pass: pass, row: row, sentence: "\(place)\(words)."))
  }

  /// Notes the first place where two lists differ, and what stands there; nothing where they are
  /// equal or one was not recorded.
  private mutating func compare<Element: Equatable>(
    _ subject: DiscreteDifference.Subject, _ a: [Element]?, _ b: [Element]?, pass: Int? = nil,
    as words: (Element) -> String = { "\($0)" }, then addition: @autoclosure () -> String = "",
    at place: (Int) -> String
  ) {
    guard let a, let b, a != b, let index = LogitsDigest.firstDifference(a, b) else { return }
    func found(_ list: [Element]) -> String {
      list.indices.contains(index) ? words(list[index]) : "missing"
    }
    note(
      subject, pass: pass, "\(place(index)) is \(found(a)) in A and \(found(b)) in B\(addition())")
  }

  private static func tokens(_ pass: TracePass) -> [[TokenID]]? { pass.candidates?.map(\.tokens) }

  /// An addition for candidates that only stand in another order.
  private static func order(_ a: TracePass, _ b: TracePass) -> String {
    let sorted = [a, b].map { tokens($0)?.sorted { $0.lexicographicallyPrecedes($1) } }
    return sorted[0] == sorted[1] ? "; they are the same candidates in another order" : ""
  }

  private static func list(_ tokens: [TokenID]) -> String {
    let shown = tokens.prefix(16).map(String.init).joined(separator: " ")
    return tokens.count > 16 ? "[\(shown) …]" : "[\(shown)]"
  }

  private static func answer(_ answer: TraceAnswer) -> String {
    "\(answer.token) from row \(answer.row)"
  }
}
