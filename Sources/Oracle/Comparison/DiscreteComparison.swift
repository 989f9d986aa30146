import Llama

/// Finds, for everything that is no matter of rounding, the first place where two recordings
/// differ.
struct DiscreteComparison {
  private var noted: [DiscreteDifference] = []
  private var found: Set<DiscreteDifference.Subject> = []

  /// The first difference of each subject, in the order in which a decoder comes to them.
  var differences: [DiscreteDifference] { noted.sorted(by: DiscreteDifference.precedes) }

  /// Whether the passes so far were run on the same rows, masks and caches, as far as both tell.
  var hasSameInputs: Bool { !found.contains(where: \.isInput) }

  init(_ a: Recording, _ b: Recording) {
    if let (index, found) = Self.firstDifference(a.prompt, b.prompt) {
      note(.prompt, "Token \(index) of the prompt is \(found)")
    }
    if a.kind == .trace, b.kind == .trace, a.passes.count != b.passes.count {
      note(.passes, "A has \(a.passes.count) passes and B has \(b.passes.count)")
    }
  }

  mutating func addTokens(_ a: Recording, _ b: Recording) {
    if let (index, found) = Self.firstDifference(a.tokens, b.tokens) {
      note(.tokens, "Token \(index) of the answer is \(found)")
    }
  }

  mutating func add(_ a: RecordedPass, _ b: RecordedPass) {
    let pass = a.index
    if let countA = a.cachedCount, let countB = b.cachedCount, countA != countB {
      note(.cachedCount, pass: pass, "the cache holds \(countA) tokens in A and \(countB) in B")
    }
    if let rowsA = a.rows, let rowsB = b.rows { addRows(rowsA, rowsB, pass) }
    if let (index, found) = Self.firstDifference(a.candidates, b.candidates, Self.list) {
      note(.candidates, pass: pass, "candidate \(index) is \(found)\(Self.order(a, b))")
    }
    if let (index, found) = Self.firstDifference(a.frontier, b.frontier, Self.answer) {
      note(.frontier, pass: pass, "answer \(index) of the frontier is \(found)")
    }
    if let (index, found) = Self.firstDifference(a.selected, b.selected, Self.answer) {
      note(.selected, pass: pass, "settled token \(index) is \(found)")
    }
    if let (index, found) = Self.firstDifference(a.acceptedRows, b.acceptedRows) {
      note(.acceptedRows, pass: pass, "kept row \(index) is \(found)")
    }
    if let (index, found) = Self.firstDifference(a.window, b.window, Self.list) {
      note(.window, pass: pass, "level \(index) of the window after the pass is \(found)")
    }
  }

  private mutating func addRows(
    _ a: [RecordedPass.Row], _ b: [RecordedPass.Row], _ pass: Int
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
}

// MARK: - Lists

extension DiscreteComparison {
  /// The first place where two lists differ, and what stands there; nothing where they are equal or
  /// one was not recorded.
  private static func firstDifference<Element: Equatable>(
    _ a: [Element]?, _ b: [Element]?, _ words: (Element) -> String = { "\($0)" }
  ) -> (index: Int, found: String)? {
    guard let a, let b, a != b else { return nil }
    let index = zip(a, b).enumerated().first { $0.element.0 != $0.element.1 }?.offset
    let place = index ?? min(a.count, b.count)
    func found(_ list: [Element]) -> String {
      list.indices.contains(place) ? words(list[place]) : "missing"
    }
    return (place, "\(found(a)) in A and \(found(b)) in B")
  }

  /// What to say of candidates that only stand in another order.
  private static func order(_ a: RecordedPass, _ b: RecordedPass) -> String {
    func sorted(_ pass: RecordedPass) -> [[TokenID]]? {
      pass.candidates?.sorted { $0.lexicographicallyPrecedes($1) }
    }
    return sorted(a) == sorted(b) ? "; they are the same candidates in another order" : ""
  }

  private static func list(_ tokens: [TokenID]) -> String {
    let shown = tokens.prefix(16).map(String.init).joined(separator: " ")
    return tokens.count > 16 ? "[\(shown) …]" : "[\(shown)]"
  }

  private static func answer(_ answer: RecordedPass.Answer) -> String {
    "\(answer.token) from row \(answer.row)"
  }
}

extension RecordedPass.Keys {
  /// The first key that one row sees and the other does not, and which of them sees it. Cached keys
  /// come before rows of the pass.
  func difference(_ other: RecordedPass.Keys) -> (key: String, seenBy: PairedRow.Side)? {
    let (mine, theirs) = (Self.merged(cached), Self.merged(other.cached))
    if mine != theirs {
      let index = zip(mine, theirs).enumerated().first { $0.element.0 != $0.element.1 }?.offset
      let place = index ?? min(mine.count, theirs.count)
      // A side without a range here sees nothing more.
      let nothing = Int.max..<Int.max
      let a = mine.indices.contains(place) ? mine[place] : nothing
      let b = theirs.indices.contains(place) ? theirs[place] : nothing
      if a.lowerBound != b.lowerBound {
        let key = min(a.lowerBound, b.lowerBound)
        return ("the cached key \(key)", a.lowerBound == key ? .a : .b)
      }
      let key = min(a.upperBound, b.upperBound)
      return ("the cached key \(key)", a.upperBound == key ? .b : .a)
    }
    let (here, there) = (Set(rows), Set(other.rows))
    guard let row = here.symmetricDifference(there).min() else { return nil }
    return ("row \(row)", here.contains(row) ? .a : .b)
  }

  /// Ascending ranges with gaps between them that hold the same keys.
  private static func merged(_ ranges: [Range<Int>]) -> [Range<Int>] {
    var result: [Range<Int>] = []
    for range in ranges.filter({ !$0.isEmpty }).sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if let last = result.last, range.lowerBound <= last.upperBound {
        result[result.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
      } else {
        result.append(range)
      }
    }
    return result
  }
}
