import Llama
import Lookahead

/// One row of a pass.
public struct TraceRow: Codable, Equatable, Sendable {
  /// What a row stands for.
  public enum Role: String, Codable, Sendable {
    /// A token of the prompt, or of a pass over given tokens.
    case text
    /// The last settled token, which no pass had read.
    case current
    /// A token of the window; `level` and `column` say which.
    case window
    /// A node of the candidate tree; `branches`, `parent` and `source` say which.
    case candidate
  }

  /// What it stands for.
  public var role: Role
  /// Of a window's row: its level, from 0.
  public var level: Int?
  /// Of a window's row: its column; level 0 has none of number 0, which is the current token.
  public var column: Int?
  /// Of a candidate's row: which branch was taken at the current token, at the node behind it, and so
  /// on.
  public var branches: [Int]?
  /// Of a candidate's row: the row of the token before it.
  public var parent: Int?
  /// Of a candidate's row: where the token was seen.
  public var source: DraftOrigin?
  /// The token id.
  public var token: TokenID
  /// The position.
  public var position: Int
  /// The keys that the row attends to.
  public var visible: TraceVisible

  /// A row.
  public init(
    role: Role, level: Int? = nil, column: Int? = nil, branches: [Int]? = nil, parent: Int? = nil,
    source: DraftOrigin? = nil, token: TokenID, position: Int, visible: TraceVisible
  ) {
    self.role = role
    self.level = level
    self.column = column
    self.branches = branches
    self.parent = parent
    self.source = source
    self.token = token
    self.position = position
    self.visible = visible
  }
}

/// The keys that a row attends to.
public struct TraceVisible: Codable, Equatable, Sendable {
  /// Cached keys, as ascending ranges.
  public var cached: [TraceKeyRange]
  /// Rows of the same pass, ascending.
  public var rows: [Int]

  /// What query `row` of a mask sees.
  /// - Precondition: the mask has that row.
  public init(_ mask: AttentionMask, row: Int) {
    let keys = mask.keys(seenBy: row)
    var cached: [TraceKeyRange] = []
    for key in keys where key < mask.cachedCount {
      if let last = cached.last, last.end == key {
        cached[cached.count - 1] = TraceKeyRange(first: last.first, end: key + 1)
      } else {
        cached.append(TraceKeyRange(first: key, end: key + 1))
      }
    }
    self.cached = cached
    rows = keys.filter { $0 >= mask.cachedCount }.map { $0 - mask.cachedCount }
  }
}

/// Keys `first ..< end`, written as `[first, end]`.
public struct TraceKeyRange: Codable, Equatable, Sendable {
  /// The first key.
  public let first: Int
  /// The key after the last.
  public let end: Int

  /// Keys `first ..< end`.
  public init(first: Int, end: Int) {
    self.first = first
    self.end = end
  }

  /// Reads `[first, end]`.
  public init(from decoder: any Swift.Decoder) throws {
    var bounds = try decoder.unkeyedContainer()
    first = try bounds.decode(Int.self)
    end = try bounds.decode(Int.self)
    guard bounds.isAtEnd, 0 <= first, first < end else {
      throw DecodingError.dataCorruptedError(
        in: bounds, debugDescription: "a range of keys is [first, end] with first < end")
    }
  }

  /// Writes `[first, end]`.
  public func encode(to encoder: any Encoder) throws {
    var bounds = encoder.unkeyedContainer()
    try bounds.encode(first)
    try bounds.encode(end)
  }
}
