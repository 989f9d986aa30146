import ArgumentParser
import Testing

@testable import CommandLineTool

/// The statistics of a benchmark.
struct SpreadTests {
  @Test(
    arguments: [
      ([3], 3, 3, 3), ([2, 1], 1.5, 1, 2), ([9, 1, 5], 5, 1, 9), ([4, 1, 3, 2], 2.5, 1, 4),
      ([7, 7, 7, 100], 7, 7, 100),
    ] as [([Double], Double, Double, Double)])
  func `the median is the middle`(
    values: [Double], median: Double, minimum: Double, maximum: Double
  ) throws {
    let spread = try #require(Spread(values))
    #expect(spread.median == median)
    #expect(spread.minimum == minimum)
    #expect(spread.maximum == maximum)
    #expect(spread.count == values.count)
  }

  @Test func `nothing measured has no median`() { #expect(Spread([]) == nil) }

  @Test func `a table's columns stand below each other`() {
    let table = TextTable(["name", "n"], [["a", "10"]])
    #expect(table.text == ["name   n", "a     10"])
  }

  @Test(arguments: [
    ("1,2,4", [1, 2, 4]), ("16", [16]), ("4, 1,4", [1, 4]), ("4096", [4_096]),
  ])
  func `sizes of passes are read`(text: String, values: [Int]) throws {
    #expect(try RowCounts(list: text).values == values)
  }

  @Test(arguments: ["", "0", "-1", "1,", "x", "1 2", "4097", "99999999999999999999"])
  func `what is no size of a pass is refused`(text: String) {
    #expect(throws: ValidationError.self) { try RowCounts(list: text) }
  }
}
