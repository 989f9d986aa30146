/// How far a row of the continuation among others is from the same row alone.
struct SweepRowDifference {
  /// Whether a bit differs; of lists, a value or a token that is listed.
  private(set) var differs = false
  /// The largest absolute difference, and the token it belongs to; infinite where a value is finite on
  /// one side alone.
  private(set) var largest = 0.0
  private(set) var token = 0

  init(_ alone: RecordedRow, _ among: RecordedRow) {
    guard let columnsA = alone.columns, let columnsB = among.columns else {
      for (token, (a, b)) in zip(alone.values, among.values).enumerated() {
        add(a, b, token: token)
      }
      return
    }
    differs = columnsA != columnsB
    var (i, j) = (0, 0)
    while i < columnsA.count, j < columnsB.count {
      let next = min(columnsA[i], columnsB[j])
      if columnsA[i] == columnsB[j] { add(alone.values[i], among.values[j], token: next) }
      if columnsA[i] == next { i += 1 }
      if columnsB[j] == next { j += 1 }
    }
  }

  private mutating func add(_ a: Double, _ b: Double, token: Int) {
    guard a.bitPattern != b.bitPattern else { return }
    differs = true
    let difference = (a - b).magnitude
    if difference > largest { (largest, self.token) = (difference, token) }
  }
}

extension RecordedRow {
  /// The most probable token, the lowest id of equal ones, and how far the next is below it.
  /// - Precondition: the row has a value.
  var choice: (token: Int, lead: Double) {
    var best = 0
    var second = -Double.infinity
    for (index, value) in values.enumerated().dropFirst() {
      if value > values[best] {
        (best, second) = (index, values[best])
      } else {
        second = max(second, value)
      }
    }
    return (columns?[best] ?? best, values[best] - second)
  }

  /// The value of a token; nil where it is not listed.
  func value(of token: Int) -> Double? {
    guard let columns else { return values.indices.contains(token) ? values[token] : nil }
    return columns.firstIndex(of: token).map { values[$0] }
  }
}
