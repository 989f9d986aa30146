import Llama
import Lookahead

/// One row of a pass.
public struct TraceRow: Codable, Equatable, Sendable {
  public enum Role: String, Codable, Sendable {
    /// A token of the prompt, or of a pass over given tokens.
    case text
    /// The last accepted token, which no pass had read.
    case current
    /// A token of the window; `level` and `column` tell which.
    case window
    /// A node of the candidate tree; `branches`, `parent` and `source` tell which.
    case candidate
  }

  public var role: Role?
  public var level: Int?
  public var column: Int?
  /// Of a candidate's row: which child was taken at the current token, at the node behind it, and so
  /// on.
  public var branches: [Int]?
  public var parent: Int?
  public var source: DraftOrigin?
  public var token: TokenID?
  public var position: Int?
  public var visible: TraceVisible?
}

/// The keys that a row attends to.
public struct TraceVisible: Codable, Equatable, Sendable {
  /// Cached keys, each range written as `[first, end]`.
  public var cached: [Range<Int>]
  /// Rows of the same pass, ascending.
  public var rows: [Int]

  public init(cached: [Range<Int>], rows: [Int]) {
    (self.cached, self.rows) = (cached, rows)
  }

  /// The keys of query `row` of a mask.
  /// - Precondition: the mask has that row.
  public init(_ mask: AttentionMask, row: Int) {
    let keys = mask.keys(seenBy: row)
    cached = Array(RangeSet(keys.filter { $0 < mask.cachedCount }.map { $0..<$0 + 1 }).ranges)
    rows = keys.filter { $0 >= mask.cachedCount }.map { $0 - mask.cachedCount }
  }

  /// Refuses a range that is not two ascending numbers.
  public init(from decoder: any Swift.Decoder) throws {
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    rows = try fields.decode([Int].self, forKey: .rows)
    cached = try fields.decode([[Int]].self, forKey: .cached).map { bounds in
      guard bounds.count == 2, 0 <= bounds[0], bounds[0] <= bounds[1] else {
        throw DecodingError.dataCorruptedError(
          forKey: .cached, in: fields, debugDescription: "a range is not [first, end]")
      }
      return bounds[0]..<bounds[1]
    }
  }

  /// The first key that one row attends to and the other does not, and which of the two does. Cached
  /// keys come before rows of the pass.
  func difference(_ other: TraceVisible) -> (key: String, seenBy: PairedRow.Side)? {
    let (mine, theirs) = (Self.union(cached), Self.union(other.cached))
    if let key = mine.symmetricDifference(theirs).ranges.first?.lowerBound {
      return ("the cached key \(key)", mine.contains(key) ? .a : .b)
    }
    let (here, there) = (Set(rows), Set(other.rows))
    return here.symmetricDifference(there).min().map { ("row \($0)", here.contains($0) ? .a : .b) }
  }

  /// Sorted, because a `RangeSet` is only appended to in constant time.
  private static func union(_ ranges: [Range<Int>]) -> RangeSet<Int> {
    RangeSet(ranges.sorted { $0.lowerBound < $1.lowerBound })
  }
}
