import Files

extension JSONNode {
  /// A finite number.
  func number() throws(FileError) -> Double {
    switch value {
    case .integer(let number): return Double(number)
    case .number(let number) where number.isFinite: return number
    default: throw wrongType("a number")
    }
  }

  /// An integer, which may be written with a point or an exponent.
  func wholeNumber() throws(FileError) -> Int {
    if case .number(let number) = value, let integer = Int(exactly: number) { return integer }
    return try integer()
  }

  /// An array of integers.
  func integers() throws(FileError) -> [Int] {
    var integers: [Int] = []
    for element in try elements() { integers.append(try element.wholeNumber()) }
    return integers
  }
}
