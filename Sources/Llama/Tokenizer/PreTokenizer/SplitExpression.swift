/// A regular expression by which a pre-tokenizer splits text, in the form in which it is matched.
///
/// Alternatives are tried in order, and each takes as much as it can and then less, as engines do that
/// go back (Oniguruma, Rust's fancy-regex). Only what these expressions use is known:
/// `SplitExpressionParser`.
struct SplitExpression: Equatable, Sendable {
  indirect enum Node: Equatable, Sendable {
    /// One scalar of a set.
    case scalar(ScalarSet)
    /// As many scalars of a set as there are, within bounds.
    case run(ScalarSet, ClosedRange<Int>)
    /// One of several, or, if `isOptional`, nothing.
    case choice([[Node]], isOptional: Bool)
    /// No scalar of the set follows: `(?!…)`.
    case notBefore(ScalarSet)
    /// The end of the text: `$`.
    case end
  }

  let alternatives: [[Node]]

  /// The end of the match at `start`; nil if there is none, or an empty one.
  func matchEnd(_ scanner: ScalarScanner, at start: Int) -> Int? {
    for alternative in alternatives {
      if let end = match(alternative[...], scanner, at: start, then: { $0 }), end > start {
        return end
      }
    }
    return nil
  }

  /// The end of the piece that begins at `start`: of the match there, or of the gap up to the next.
  func pieceEnd(_ scanner: ScalarScanner, from start: Int) -> Int {
    if let end = matchEnd(scanner, at: start) { return end }
    var index = start
    repeat {
      index = nextStart(scanner, after: index)
    } while index < scanner.text.endIndex && matchEnd(scanner, at: index) == nil
    return index
  }

  /// The next place where a match can begin after none did at `index`. An expression of one unbounded
  /// run with something behind it begins nowhere in the rest of that run: it would have ended in the same
  /// places.
  private func nextStart(_ scanner: ScalarScanner, after index: Int) -> Int {
    let next = scanner.scalar(at: index)?.end ?? index + 1
    guard alternatives.count == 1, case .run(let set, let bounds)? = alternatives[0].first,
      bounds.upperBound == .max
    else { return next }
    return max(next, scanner.end(of: index, while: set.contains))
  }

  /// Matches nodes at `index`, and what is behind them by `rest`.
  private func match(
    _ nodes: ArraySlice<Node>, _ scanner: ScalarScanner, at index: Int,
    then rest: (Int) -> Int?
  ) -> Int? {
    guard let node = nodes.first else { return rest(index) }
    let others = nodes.dropFirst()
    func matchOthers(_ index: Int) -> Int? { match(others, scanner, at: index, then: rest) }
    switch node {
    case .scalar(let set):
      guard let (scalar, end) = scanner.scalar(at: index), set.contains(scalar) else { return nil }
      return matchOthers(end)
    case .run(let set, let bounds):
      return matchRun(set, bounds, scanner, at: index, then: matchOthers)
    case .choice(let choices, let isOptional):
      for choice in choices {
        if let end = match(choice[...], scanner, at: index, then: matchOthers) { return end }
      }
      return isOptional ? matchOthers(index) : nil
    case .notBefore(let set):
      if let (scalar, _) = scanner.scalar(at: index), set.contains(scalar) { return nil }
      return matchOthers(index)
    case .end:
      return index == scanner.text.endIndex ? matchOthers(index) : nil
    }
  }

  /// The longest run first, then ever shorter ones.
  private func matchRun(
    _ set: ScalarSet, _ bounds: ClosedRange<Int>, _ scanner: ScalarScanner, at start: Int,
    then rest: (Int) -> Int?
  ) -> Int? {
    var (count, end) = (0, start)
    while count < bounds.upperBound, let (scalar, next) = scanner.scalar(at: end),
      set.contains(scalar)
    {
      (count, end) = (count + 1, next)
    }
    while count >= bounds.lowerBound {
      if let found = rest(end) { return found }
      if count == 0 { return nil }
      (count, end) = (count - 1, scanner.start(ofScalarBefore: end, from: start))
    }
    return nil
  }
}

extension ScalarScanner {
  /// The beginning of the scalar that ends at `end`; an invalid byte is one by itself.
  fileprivate func start(ofScalarBefore end: Int, from first: Int) -> Int {
    for start in stride(from: end - 1, through: max(first, end - 4), by: -1)
    where scalar(at: start)?.end == end {
      return start
    }
    return end - 1
  }
}
