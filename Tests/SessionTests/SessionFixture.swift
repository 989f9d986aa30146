import Llama
import Lookahead
import Session
import Tensor
import TestSupport

/// Sessions with the fixture model, which is read once.
enum SessionFixture {
  private static let loaded = Result {
    let opened = try OpenedModel(path: FixturePath.path("tiny-llama"))
    return try TextSession(opened, settings: settings(), on: Executor(threadCount: 1))
  }

  /// Short texts with the fixed schedule, nothing of the user's kept.
  static func settings(_ change: (inout SessionSettings) -> Void = { _ in }) throws
    -> SessionSettings
  {
    var settings = try SessionSettings(
      lookahead: LookaheadConfiguration(windowSize: 3, ngramSize: 3, candidatesPerToken: 3))
    settings.maximumTokens = 30
    settings.cacheFolder = nil
    change(&settings)
    return settings
  }

  static func session(_ change: (inout SessionSettings) -> Void = { _ in }) throws -> TextSession {
    let loaded = try loaded.get()
    return try TextSession(loaded.opened, model: loaded.model, settings: settings(change))
  }
}
