import ArgumentParser
import Foundation

/// Which passes to time, and how often.
struct PassOptions: ParsableArguments {
  @Option(
    name: .customLong("rows"),
    help: ArgumentHelp(
      "Sizes of the passes to time, with commas between. (default: \(RowCounts.usual))",
      valueName: "list"), transform: RowCounts.init(list:))
  var givenRows: RowCounts?

  @Option(
    name: .customLong("context"),
    help: ArgumentHelp(
      "Cached tokens that these passes see. (default: \(Self.usualContext))", valueName: "count"))
  var givenContext: Int?

  @Option(
    name: .customLong("repeat"),
    help: ArgumentHelp(
      "Times that each is timed; the median counts. (default: \(Self.usualRepeats))",
      valueName: "count"))
  var givenRepeats: Int?

  @Option(
    name: .customLong("sweep"),
    help: ArgumentHelp(
      "Megabytes of the array whose reading gives the read bandwidth: many times the caches. "
        + "(default: \(Self.usualSweep))", valueName: "MB"))
  var givenSweep: Int?

  private static let usualContext = 128
  private static let usualRepeats = 9
  private static let usualSweep = 512

  var rows: RowCounts { givenRows ?? .usual }
  var context: Int { givenContext ?? Self.usualContext }
  var repeats: Int { givenRepeats ?? Self.usualRepeats }
  var sweep: Int { givenSweep ?? Self.usualSweep }

  /// Which options were given.
  var given: [(String, Bool)] {
    [
      ("--rows", givenRows != nil), ("--context", givenContext != nil),
      ("--repeat", givenRepeats != nil), ("--sweep", givenSweep != nil),
    ]
  }

  func validate() throws {
    for (name, value, minimum) in [("context", context, 0), ("sweep", sweep, 1)]
    where value < minimum {
      throw ValidationError("The \(name) is \(value), but must be at least \(minimum).")
    }
    try Self.check("number of repeats", repeats)
    let limit = Int(clamping: ProcessInfo.processInfo.physicalMemory >> 21)
    if let givenSweep, givenSweep > limit {
      throw ValidationError(
        "The sweep is \(sweep) MB, but must be at most \(limit), half of this machine's memory.")
    }
  }

  /// More than anybody waits for; each measurement is kept.
  private static let maximumTimes = 1_000_000

  static func check(_ name: String, _ times: Int) throws {
    if !(1...maximumTimes ~= times) {
      throw ValidationError("The \(name) is \(times), but must be from 1 to \(maximumTimes).")
    }
  }
}
