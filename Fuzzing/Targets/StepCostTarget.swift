import Lookahead

@testable import Session

/// The step cost file in the cache folder.
enum StepCostTarget {
  private static let file = FileInMemory()
  /// What the seeds are about.
  private static let subject = StepCostCache.Subject(
    model: ModelFiles(path: "model", bytes: 1, changed: 2), cpu: "cpu",
    instructionSet: "portable", threads: 1, matmul: "exact", kvCache: "float32", weightBytes: 3)

  static func read(_ input: [UInt8]) throws {
    file.write(input)
    var (cost, note) = StepCostCache(subject: subject, file: KeptFile(costsIn: file.path)).read()
    if note.isWarning { try check(note.text) }
    for _ in 0..<2 {
      var last = 1.0
      for rows in 1...(2 * StepCost.maximumRows) {
        precondition(cost.ratio(rows: rows) >= last)
        last = cost.ratio(rows: rows)
      }
      cost.observe(rows: 4, milliseconds: 12)
    }
  }

  /// Lets the sentence be judged as that of an error is.
  private static func check(_ sentence: String) throws { throw Warning(description: sentence) }

  private struct Warning: Error, CustomStringConvertible {
    let description: String
  }
}
