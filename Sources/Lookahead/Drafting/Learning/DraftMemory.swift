/// What drafting has learnt of a model, kept from text to text: the likeliest successors of tokens and
/// of pairs of tokens, and how far they can be trusted.
///
/// It contains statistics of tokens, no texts; rare pairs of a text can be read from it. It changes how
/// many tokens a pass accepts, never which.
public struct DraftMemory: Equatable, Sendable {
  var successors = SuccessorTable()
  var record = EvidenceRecord()
  var mix = LogisticMix()

  /// Bytes in memory at most.
  public static let maximumBytes = 2 * SuccessorTable.generationLimit * SuccessorTable.bytesPerRow

  /// A memory of nothing.
  public init() {}

  /// Contexts, of one or two tokens, with successors.
  public var count: Int { successors.count }

  /// Whether anything was learnt since it was made or read.
  public var hasChanged: Bool { !successors.changed.isEmpty }

  /// Takes over what another memory of the same model has learnt since it was read, as for two programs
  /// that read the same file: of a context that both changed the other's successors remain.
  public mutating func merge(changesOf other: DraftMemory) {
    successors.merge(changesOf: other.successors)
    (record, mix) = (other.record, other.mix)
  }
}
