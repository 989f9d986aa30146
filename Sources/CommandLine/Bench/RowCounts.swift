import ArgumentParser
import Lookahead

/// The sizes of the passes to time, such as "1,2,4": each once, in ascending order.
struct RowCounts: Equatable, ExpressibleByArgument {
  let values: [Int]

  /// What is timed where nothing else is asked for.
  static let usual = RowCounts(values: [1, 2, 4, 8, 12, 16, 24, 32, 64, 128])

  private init(values: [Int]) { self.values = values }

  /// Numbers with commas between; nothing where one is no number, below 1, or more than a pass of
  /// lookahead decoding can have.
  init?(argument: String) {
    var values: [Int] = []
    for part in argument.split(separator: ",", omittingEmptySubsequences: false) {
      guard
        let rows = Int(part.trimmingPrefix { $0 == " " }),
        1...LookaheadConfiguration.maximumRows ~= rows
      else { return nil }
      values.append(rows)
    }
    self.values = Set(values).sorted()
  }

  /// As it would be given.
  var defaultValueDescription: String { values.map(String.init).joined(separator: ",") }
}
