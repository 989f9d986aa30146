import ArgumentParser
import Foundation

struct PassOptions: ParsableArguments {
  private static let usual = (rows: RowCounts.usual, context: 128, repeats: 9, sweep: 512)

  @Option(
    help: ArgumentHelp("Sizes of the passes to time, with commas between.", valueName: "list"),
    transform: RowCounts.init(list:))
  var rows = Self.usual.rows

  @Option(help: ArgumentHelp("Cached tokens that these passes see.", valueName: "count"))
  var context = Self.usual.context

  @Option(
    name: .customLong("repeat"),
    help: ArgumentHelp("Times that each is timed; the median counts.", valueName: "count"))
  var repeats = Self.usual.repeats

  @Option(
    help: ArgumentHelp(
      "Megabytes of the array whose reading gives the read bandwidth: many times the caches.",
      valueName: "MB"))
  var sweep = Self.usual.sweep

  var largest: Int { rows.values.last ?? 1 }

  /// Which options differ from their defaults.
  var chosen: [(String, Bool)] {
    [
      ("--rows", rows != Self.usual.rows), ("--context", context != Self.usual.context),
      ("--repeat", repeats != Self.usual.repeats), ("--sweep", sweep != Self.usual.sweep),
    ]
  }

  func validate() throws {
    try Self.require(["context": context], from: 0)
    try Self.require(["sweep": sweep])
    try Self.require("number of repeats", repeats, upTo: Self.maximumTimes)
    let limit = Int(clamping: ProcessInfo.processInfo.physicalMemory >> 21)
    if sweep > limit, sweep != Self.usual.sweep {
      throw ValidationError(
        "The sweep is \(sweep) MB, but must be at most \(limit), half of this machine's memory.")
    }
  }

  static let maximumTimes = 1_000_000
}
