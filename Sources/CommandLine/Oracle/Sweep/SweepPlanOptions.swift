import ArgumentParser
import Oracle

/// What a sweep sends: how many rows, how many tokens.
struct SweepPlanOptions: ParsableArguments {
  @Option(
    name: .customLong("rows"), parsing: .unconditional,
    help: ArgumentHelp(
      "The numbers of rows in a pass; 1 is always among them. (default: 1,2,3,4,8,16,32)",
      valueName: "list"))
  var givenRows: ValueList<Int>?

  @Option(
    name: [.customShort("n"), .customLong("max-tokens")],
    help: ArgumentHelp(
      "Tokens of the continuation. (default: the largest number of rows)", valueName: "count"))
  var maxTokens: Int?

  @Flag(help: "Replace the folder if it is a sweep, with what an engine wrote there, or empty.")
  var force = false

  private static let usualRows = [1, 2, 3, 4, 8, 16, 32]

  /// The options with their names, and whether each is given.
  var given: [(String, Bool)] {
    [("--rows", givenRows != nil), ("--max-tokens", maxTokens != nil), ("--force", force)]
  }

  func validate() throws {
    for rows in givenRows?.values ?? [] {
      try Self.require("number of rows", rows, upTo: SweepLimit.rows)
    }
    if let maxTokens { try Self.require("number of tokens", maxTokens, upTo: SweepLimit.tokens) }
    if givenRows.map({ $0.values.allSatisfy { $0 == 1 } }) == true {
      throw ValidationError("\(SweepError.nothingBesideOne)")
    }
  }

  /// How many tokens to make, and the numbers of rows.
  ///
  /// Without `--rows`, those that the context has no room for are left out, and standard error says so.
  /// - Throws: `SweepError` if there is no room, or no pass of so many rows can be filled.
  func tokens(behind prefix: Int, contextLength: Int) throws -> (count: Int, rows: [Int]) {
    let room = contextLength - prefix
    if room < 2 { throw SweepError.noRoom(prefix: prefix, contextLength: contextLength) }
    let asked = givenRows?.values ?? Self.usualRows
    let count = min(maxTokens ?? asked.max() ?? 1, room)
    let rows = givenRows == nil ? asked.filter { $0 <= count } : asked
    if let left = asked.last, rows.count < asked.count {
      Console.note(
        "Note: \(count.counted("token")) of continuation fill no pass of \(left) rows, so the sweep ends at "
          + "\(rows.last ?? 1) rows.")
    }
    if let largest = rows.max(), largest > count {
      throw SweepError.tooFewTokens(count, rows: largest)
    }
    return (count, rows)
  }
}
