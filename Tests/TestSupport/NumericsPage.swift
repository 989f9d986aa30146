import Foundation

/// The tables of docs/numerics.md.
public enum NumericsPage {
  /// Rows whose first cell begins with the given text.
  public static func rows(startingWith start: String) throws -> [String] {
    let page = URL(fileURLWithPath: FixturePath.root).deletingLastPathComponent()
      .appendingPathComponent("docs/numerics.md")
    return try String(contentsOf: page, encoding: .utf8).components(separatedBy: "\n")
      .filter { $0.hasPrefix("| \(start)") }
  }
}
