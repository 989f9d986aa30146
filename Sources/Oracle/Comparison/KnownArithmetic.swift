/// What two recordings say of the arithmetic that they were computed in.
struct KnownArithmetic {
  let a: TraceHeader.Arithmetic?
  let b: TraceHeader.Arithmetic?
  /// Whether one of them says that its model has quantised weights, whose activations engines round.
  let isQuantised: Bool

  init(_ a: Recording, _ b: Recording) {
    (self.a, self.b) = (a.arithmetic, b.arithmetic)
    isQuantised = a.hasQuantisedWeights || b.hasQuantisedWeights
  }

  /// The coarser of the integers that a side says that it rounds to.
  var integers: Precision? { [a, b].compactMap { $0.flatMap { Precision($0) } }.max() }

  /// The arithmetics that differences may come from, finer ones first; int16 only if a header names it.
  var candidates: [Precision] {
    if let integers { return [.float32, integers] }
    return Precision.floatingPoint + (isQuantised ? [.int8] : [])
  }

  /// The start of a sentence that names the sides whose headers say integers; nil if neither does.
  var statement: String? {
    guard let integers else { return nil }
    let sides = [("A", a), ("B", b)].filter { $0.1.flatMap { Precision($0) } == integers }
    let isBoth = sides.count == 2
    return sides.map(\.0).joined(separator: " and ")
      + " \(isBoth ? "round" : "rounds") activations to \(integers.significandBits) bits, as \(isBoth ? "their headers say" : "its header says")"
  }

  /// What helps to check an engine that rounds activations to 8 bits, if B may be one and A is none.
  /// - Parameter precision: what differences were judged by.
  func advice(_ precision: Precision, isExplainedByInt8: Bool) -> String? {
    let mayRound = b.map { $0 == .int8 } ?? true
    let isAlike = a.map { $0 == .int8 || $0 == .int16 } ?? false
    guard isQuantised || precision == .int8, isExplainedByInt8, mayRound, !isAlike else {
      return nil
    }
    let alternative =
      precision == .int8
      ? ""
      : "Rounding of activations to 8 bits, as llama.cpp has them for quantised weights, would "
        + "explain them. "
    return alternative
      + "Compare B with a trace made with --matmul int8: if it rounds as llama.cpp does, its first "
      + "rows and blocks differ from that as float32 does."
  }
}
