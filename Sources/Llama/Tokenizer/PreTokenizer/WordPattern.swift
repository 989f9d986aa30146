/// A regular expression by which a pre-tokenizer splits text, written out as a scanner: a general
/// engine would be slower and not the same on every platform. At every place the scanner yields the
/// match that begins there, or else the gap up to the next.
enum WordPattern: Equatable {
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

  /// The end of the piece that begins at `start`.
  ///
  /// - Precondition: `start` is a scalar's index in the text, not its end.
  /// - Returns: an index beyond `start`.
  func pieceEnd(in scanner: ScalarScanner, from start: Int) -> Int {
    switch self {
    case .gpt2: gpt2End(scanner, start)
    case .llama3: llama3End(scanner, start)
    case .eachNumber: numberEnd(scanner, start, limit: 1)
    case .numberRuns: numberEnd(scanner, start, limit: .max)
    case .digitTriples: tripleEnd(scanner, start)
    case .punctuationRuns: punctuationEnd(scanner, start)
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
    guard scanner.byte(at: start) == UInt8(ascii: "'"),
      let first = scanner.byte(at: start + 1)
    else { return nil }
    // Setting bit 5 of an ASCII letter makes it lower case.
    let caseBit: UInt8 = ignoringCase ? 0x20 : 0
    let second = scanner.byte(at: start + 2)
    switch (first | caseBit, second.map { $0 | caseBit }) {
    case (UInt8(ascii: "s"), _), (UInt8(ascii: "t"), _), (UInt8(ascii: "m"), _),
      (UInt8(ascii: "d"), _):
      return start + 2
    case (UInt8(ascii: "r"), UInt8(ascii: "e")), (UInt8(ascii: "v"), UInt8(ascii: "e")),
      (UInt8(ascii: "l"), UInt8(ascii: "l")):
      return start + 3
    default:
      // Case folding takes the long s, U+017F, for an s.
      let isLongS = ignoringCase && first == 0xC5 && second == 0xBF
      return isLongS ? start + 3 : nil
    }
  }

  private func numberEnd(_ scanner: ScalarScanner, _ start: Int, limit: Int) -> Int {
    guard let (first, firstEnd) = scanner.scalar(at: start) else { return start + 1 }
    if first.isNumeric {
      return limit == 1 ? firstEnd : scanner.end(of: firstEnd, while: \.isNumeric)
    }
    return scanner.end(of: firstEnd) { !$0.isNumeric }
  }

  private func punctuationEnd(_ scanner: ScalarScanner, _ start: Int) -> Int {
    guard let (first, firstEnd) = scanner.scalar(at: start) else { return start + 1 }
    return scanner.end(of: firstEnd) { $0.isPunctuation == first.isPunctuation }
  }

  private func tripleEnd(_ scanner: ScalarScanner, _ start: Int) -> Int {
    var index = start
    while index < scanner.text.endIndex {
      let digits = (0..<3).prefix {
        guard let byte = scanner.byte(at: index + $0) else { return false }
        return (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
      }
      if digits.count == 3 { return index == start ? start + 3 : index }
      index += 1
    }
    return index
  }
}
