/// A regular expression by which a pre-tokenizer splits text: the most frequent ones written out as
/// scanners, others interpreted (`SplitExpression`). The system's engine would be slower and not the
/// same on every platform. At every position the scanner yields the match that begins there, or else
/// the text up to the next match.
enum WordPattern: Equatable, Sendable {
  /// `'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`.
  case gpt2
  /// `(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`.
  case llama3
  /// Every digit or number by itself (`Digits` with `individual_digits`).
  case eachNumber
  /// Runs of digits or numbers (`Digits` without it).
  case numberRuns
  /// `[0-9][0-9][0-9]`.
  case digitTriples
  /// Runs of punctuation: `[\p{P}\$\+<=>\^~\|]+`.
  case punctuationRuns
  /// Any other, which is interpreted.
  case expression(SplitExpression)

  /// The end of the piece that begins at `start`.
  ///
  /// - Precondition: `start` is a scalar's index in the text, not its end.
  /// - Returns: an index beyond `start`.
  func pieceEnd(in scanner: ScalarScanner, from start: Int) -> Int {
    switch self {
    case .gpt2: gpt2End(scanner, start)
    case .llama3: llama3End(scanner, start)
    case .eachNumber: runEnd(scanner, start, \.isNumeric, isCutInside: true)
    case .numberRuns: runEnd(scanner, start, \.isNumeric)
    case .digitTriples: tripleEnd(scanner, start)
    case .punctuationRuns: runEnd(scanner, start, \.isPunctuation)
    case .expression(let expression): expression.pieceEnd(scanner, from: start)
    }
  }

  private func gpt2End(_ scanner: ScalarScanner, _ start: Int) -> Int {
    if let end = contractionEnd(scanner, start, ignoringCase: false) { return end }
    let hasSpace = scanner.byte(at: start) == UInt8(ascii: " ")
    let wordStart = hasSpace ? start + 1 : start
    guard let (first, _) = scanner.scalarClass(at: wordStart), first != .space else {
      return scanner.endOfSpaces(from: start)
    }
    return scanner.end(of: wordStart, ofClass: first)
  }

  private func llama3End(_ scanner: ScalarScanner, _ start: Int) -> Int {
    if let end = contractionEnd(scanner, start, ignoringCase: true) { return end }
    guard let (first, firstEnd) = scanner.scalarClass(at: start) else { return start + 1 }
    let byte = scanner.byte(at: start)
    let isLineBreak = byte == UInt8(ascii: "\r") || byte == UInt8(ascii: "\n")
    // [^\r\n\p{L}\p{N}]?\p{L}+
    if first == .letter { return scanner.end(of: firstEnd, ofClass: .letter) }
    let second = scanner.scalarClass(at: firstEnd)
    if first != .number, !isLineBreak, second?.class == .letter {
      return scanner.end(of: firstEnd, ofClass: .letter)
    }
    // \p{N}{1,3}
    if first == .number { return shortNumberEnd(scanner, firstEnd) }
    //  ?[^\s\p{L}\p{N}]+[\r\n]*
    if first == .other || (byte == UInt8(ascii: " ") && second?.class == .other) {
      let end = scanner.end(of: firstEnd, ofClass: .other)
      return scanner.end(of: end) { $0 == "\r" || $0 == "\n" }
    }
    // \s*[\r\n]+
    let spaces = scanner.text[start..<scanner.end(of: start, ofClass: .space)]
    if let lastBreak = spaces.lastIndex(where: { $0 == 0x0D || $0 == 0x0A }) {
      return lastBreak + 1
    }
    return scanner.endOfSpaces(from: start)
  }

  /// The end of `\p{N}{1,3}`, whose first number ends at `firstEnd`.
  private func shortNumberEnd(_ scanner: ScalarScanner, _ firstEnd: Int) -> Int {
    var index = firstEnd
    for _ in 0..<2 {
      guard let (next, end) = scanner.scalarClass(at: index), next == .number else { break }
      index = end
    }
    return index
  }

  /// The end of `'s|'t|'re|'ve|'m|'ll|'d` at `start`, if it matches there.
  private func contractionEnd(
    _ scanner: ScalarScanner, _ start: Int, ignoringCase: Bool
  ) -> Int? {
    guard scanner.byte(at: start) == UInt8(ascii: "'") else { return nil }
    let rest = scanner.text[(start + 1)...].prefix(2)
    // Setting bit 5 of an ASCII letter makes it lower case.
    let letters = rest.map { ignoringCase ? $0 | 0x20 : $0 }
    for ending in ["s", "t", "re", "ve", "m", "ll", "d"] where letters.starts(with: ending.utf8) {
      return start + 1 + ending.utf8.count
    }
    // Case folding takes the long s, U+017F, for an s.
    return ignoringCase && rest.elementsEqual([0xC5, 0xBF]) ? start + 3 : nil
  }

  /// The end of the longest run of scalars that all have a property or all lack it; a scalar that has
  /// it is a run of its own if `isCutInside`.
  private func runEnd(
    _ scanner: ScalarScanner, _ start: Int, _ property: (Unicode.Scalar) -> Bool,
    isCutInside: Bool = false
  ) -> Int {
    guard let (first, firstEnd) = scanner.scalar(at: start) else { return start + 1 }
    let isInside = property(first)
    if isInside, isCutInside { return firstEnd }
    return scanner.end(of: firstEnd) { property($0) == isInside }
  }

  private func tripleEnd(_ scanner: ScalarScanner, _ start: Int) -> Int {
    for index in start..<scanner.text.endIndex {
      let digits = scanner.text[index...].prefix(3).prefix { (0x30...0x39).contains($0) }
      if digits.count == 3 { return index == start ? start + 3 : index }
    }
    return scanner.text.endIndex
  }
}
