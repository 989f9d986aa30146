import Oracle

/// One line on standard error with the state of a verification, if that is a terminal.
struct VerifyDisplay {
  private let line = StatusLine()
  private var shown = ""
  private var lastTime = ContinuousClock.now

  /// Shows it, at once if it is new, else now and then: a verifier says it after every pass, and the
  /// loading of a model takes the line away.
  mutating func show(_ progress: VerificationProgress) {
    let text = Self.text(progress)
    let now = ContinuousClock.now
    if text == shown, now - lastTime < .milliseconds(200) { return }
    (shown, lastTime) = (text, now)
    line.say(text)
  }

  func end() { line.end() }

  /// Short enough for a terminal of 80 columns, since only one line is taken away.
  private static func text(_ progress: VerificationProgress) -> String {
    switch progress {
    case .plain(let prompt, let number, let count):
      return "Plain decoding, prompt \(number) of \(count): \(prompt.prefix(20)) …"
    case .run(let prompt, let setting, let number, let count):
      let sizes =
        setting.lookahead.map {
          "W \($0.windowSize), N \($0.ngramSize), G \($0.candidatesPerToken)"
        } ?? "plain"
      return "Run \(number) of \(count): \(prompt.prefix(20)), \(sizes), "
        + "\(setting.execution.instructionSet.rawValue) …"
    case .shrinking(let smallest, let tried):
      return "A run differs; looking for a smaller one, \(tried) tried, "
        + "\(smallest.prompt.count.counted("token")) of prompt …"
    }
  }
}
