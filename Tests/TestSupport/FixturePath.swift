import Foundation

/// Finds the committed files that tests compare with.
public enum FixturePath {
  /// The folder `Fixtures`.
  public static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Fixtures").path

  /// The path of something in it, such as `tiny-llama`.
  public static func path(_ name: String) -> String { root + "/" + name }
}
