/// Where a candidate's token was seen: the last time, if several times.
public enum CandidateSource: Int, CaseIterable, Sendable, Codable {
  /// An answer of the model to a guess: the lookahead branch, and candidates that were not right.
  case window
  /// The prompt.
  case prompt
  /// The text generated so far.
  case output
  /// Texts of earlier runs, from a file.
  case file
}
