import Foundation

/// This project's folder in the user's cache folder.
public enum UserCache {
  public static var folder: String? { folder(ProcessInfo.processInfo.environment) }

  /// Nothing where the environment names neither XDG_CACHE_HOME nor HOME. A relative XDG_CACHE_HOME is
  /// ignored, as the XDG base directory specification demands.
  public static func folder(_ environment: [String: String]) -> String? {
    var cache = environment["XDG_CACHE_HOME"] ?? ""
    if !cache.hasPrefix("/") {
      guard let home = environment["HOME"], !home.isEmpty else { return nil }
      cache = home + "/.cache"
    }
    return "\(cache)/lookahead"
  }
}
