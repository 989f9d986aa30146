import Foundation

/// Tests that take minutes: they run only where the environment variable `LOOKAHEAD_LONG` is set.
public enum LongSuite {
  /// Whether they are enabled.
  public static let isRequested = ProcessInfo.processInfo.environment["LOOKAHEAD_LONG"] != nil
  /// The comment of a skipped test.
  public static let comment = "takes minutes: set LOOKAHEAD_LONG to run it"
}
