import Oracle

/// The JSON object of `lookahead compare`: what was found, and the sentence that says it.
struct ComparisonReport: Encodable {
  private let comparison: RecordingComparison

  init(_ comparison: RecordingComparison) { self.comparison = comparison }

  private enum CodingKeys: String, CodingKey {
    case sentence, cause
  }

  func encode(to encoder: any Encoder) throws {
    try comparison.encode(to: encoder)
    var fields = encoder.container(keyedBy: CodingKeys.self)
    try fields.encode(comparison.sentence, forKey: .sentence)
    try fields.encodeIfPresent(comparison.cause, forKey: .cause)
  }
}
