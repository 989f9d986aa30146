/// Reads scalars and runs of scalars from UTF-8, by byte index; an invalid byte reads as U+FFFD.
struct ScalarScanner {
  let text: ArraySlice<UInt8>

  /// The scalar at `index` and the index after it; nil at the end of the text.
  func scalar(at index: Int) -> (scalar: Unicode.Scalar, end: Int)? {
    guard index < text.endIndex else { return nil }
    let first = text[index]
    if first < 0x80 { return (Unicode.Scalar(first), index + 1) }
    var parser = Unicode.UTF8.ForwardParser()
    var rest = text[index...].makeIterator()
    guard case .valid(let bytes) = parser.parseScalar(from: &rest) else {
      return ("\u{FFFD}", index + 1)
    }
    return (UTF8.decode(bytes), index + bytes.count)
  }

  /// The class of the scalar at `index` and the index after it; nil at the end.
  func scalarClass(at index: Int) -> (class: ScalarClass, end: Int)? {
    guard let (scalar, end) = scalar(at: index) else { return nil }
    return (ScalarClass.of(scalar), end)
  }

  /// The byte at `index`; nil at the end of the text.
  func byte(at index: Int) -> UInt8? {
    index < text.endIndex ? text[index] : nil
  }

  /// The end of the longest run of scalars from `start` on that satisfy `condition`.
  func end(of start: Int, while condition: (Unicode.Scalar) -> Bool) -> Int {
    var index = start
    while let (scalar, end) = scalar(at: index), condition(scalar) { index = end }
    return index
  }

  /// The end of the longest run of scalars of class `wanted` from `start` on.
  func end(of start: Int, ofClass wanted: ScalarClass) -> Int {
    end(of: start) { ScalarClass.of($0) == wanted }
  }

  /// The end of the match of `\s+(?!\S)|\s+` at `start`: a run of white space without its last scalar,
  /// unless nothing follows or the run is a single scalar.
  func endOfSpaces(from start: Int) -> Int {
    var index = start
    var last = start
    while let (scalarClass, end) = scalarClass(at: index), scalarClass == .space {
      last = index
      index = end
    }
    return index == text.endIndex || last == start ? index : last
  }
}
