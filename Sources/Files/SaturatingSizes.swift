/// Sums and products of sizes that no memory has: they count as `Int.max` rather than overflow.
extension Int {
  /// The product of two sizes, neither negative.
  package func times(_ other: Int) -> Int {
    let (product, overflow) = multipliedReportingOverflow(by: other)
    return overflow ? .max : product
  }

  /// The sum of two sizes, neither negative.
  package func adding(_ other: Int) -> Int {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? .max : sum
  }
}
