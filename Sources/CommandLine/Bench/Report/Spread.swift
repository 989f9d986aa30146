struct Spread: Encodable {
  /// The middle one; of an even number the mean of the two in the middle.
  let median: Double
  let minimum: Double
  let maximum: Double
  let count: Int

  /// Nothing where nothing was measured.
  init?(_ values: [Double]) {
    let sorted = values.sorted()
    guard let minimum = sorted.first, let maximum = sorted.last else { return nil }
    let middle = sorted.count / 2
    median =
      sorted.count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
    self.minimum = minimum
    self.maximum = maximum
    count = sorted.count
  }
}
