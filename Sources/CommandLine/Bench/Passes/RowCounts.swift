import ArgumentParser
import Lookahead

/// The sizes of the passes to time, such as "1,2,4": each once, in ascending order.
struct RowCounts: Equatable, CustomStringConvertible {
  let values: [Int]

  static let usual = RowCounts(values: [1, 2, 4, 8, 12, 16, 24, 32, 64, 128])

  private init(values: [Int]) { self.values = values }

  init(list: String) throws {
    let allowed = 1...LookaheadConfiguration.maximumRows
    var values: [Int] = []
    for part in list.split(separator: ",", omittingEmptySubsequences: false) {
      guard let rows = Int(part.trimmingPrefix { $0 == " " }), allowed.contains(rows) else {
        throw ValidationError(
          "'\(part)' is not a number from 1 to \(allowed.upperBound.grouped).")
      }
      values.append(rows)
    }
    self.values = Set(values).sorted()
  }

  var description: String { values.map(String.init).joined(separator: ",") }
}
