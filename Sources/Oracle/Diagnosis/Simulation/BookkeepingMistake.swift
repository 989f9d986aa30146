/// What a speculative decoder can do wrong around a correct model: with its cache, positions, masks and
/// accepted tokens.
public enum BookkeepingMistake: String, Encodable, Sendable, CaseIterable {
  case staleRow = "stale-row"
  case positionNotRolledBack = "position-not-rolled-back"
  case draftPosition = "draft-position"
  case wrongBranch = "wrong-branch"
  case siblingMask = "sibling-mask"
  case missingRow = "missing-row"
  case bonusLost = "bonus-lost"
  case bonusTwice = "bonus-twice"
  case oneTooMany = "one-too-many"
  case wrongRow = "wrong-row"
  case pastEnd = "past-end"
  case penaltySeesDrafts = "penalty-sees-drafts"

  /// As the subject of a sentence goes on: "the engine …".
  public var words: String {
    switch self {
    case .staleRow: "leaves the KV rows of rejected drafts in the cache, where later rows see them"
    case .positionNotRolledBack:
      "does not roll positions back after a rejection: later rows are numbered behind the rejected ones"
    case .draftPosition: "gives drafts positions that are one too large"
    case .wrongBranch:
      "keeps the KV rows of another branch than the accepted one: the first rows of the pass"
    case .siblingMask: "lets a draft see the drafts of the branches before it"
    case .missingRow: "drops the KV row of the last accepted draft"
    case .bonusLost:
      "loses the token after a full match: it is in the context but not in the output"
    case .bonusTwice: "outputs the token after a full match twice"
    case .oneTooMany: "accepts one draft too many, the first that the model did not choose"
    case .wrongRow: "takes the token after a rejection from the last row of the pass"
    case .pastEnd: "outputs what was accepted behind an end token"
    case .penaltySeesDrafts: "lets penalties count drafts that are not accepted yet"
    }
  }

  /// Whether it shows only where a pass has drafts of several branches.
  var needsBranches: Bool { self == .wrongBranch || self == .siblingMask }
}
