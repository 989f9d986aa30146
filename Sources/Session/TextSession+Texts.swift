import Llama
import Lookahead

/// What became of several texts that were made at once.
public struct TextsResult: Sendable {
  /// Forward passes, and rows in all of them.
  public let passes: Int
  public let rows: Int
  public let seconds: Double
}

extension TextSession {
  /// Makes texts of several prompts in tokens, up to `SessionSettings.textsAtOnce` at once: their passes
  /// run together (`TextGroup`), and each is the text that it would be alone.
  ///
  /// Each text is decoded with a cache of its own; that of the session's other texts is not used.
  /// - Parameter onEvent: called with the index of a prompt and what happened to its text; its result can
  ///   end all. It must not use the session.
  public func generate(
    _ prompts: [[TokenID]], stop: StopRules,
    onEvent: (_ index: Int, TextGroup<LlamaModel>.Event) throws -> Continuation
  ) throws -> TextsResult {
    let count = max(1, min(settings.textsAtOnce, prompts.count))
    let decoders = try (0..<count).map { _ in try makeDecoder() }
    var group = TextGroup(model: model, decoders: decoders)
    let clock = ContinuousClock()
    let begin = clock.now
    defer { keepLearnt(of: group.decoders) }
    try group.generate(prompts, stop: stop, onEvent: onEvent)
    return TextsResult(
      passes: group.passes, rows: group.rows,
      seconds: begin.duration(to: clock.now) / .seconds(1))
  }
}
