import Llama

/// How far rows in passes of so many rows are from the same rows alone.
public struct SweepFigures: Encodable, Equatable, Sendable {
  /// Rows of a pass.
  public let rows: Int
  /// The file that has them.
  public let path: String
  /// Rows of the continuation that were compared.
  public internal(set) var compared = 0
  /// Those with another bit than alone; of listed log-probabilities, with another value or list.
  public internal(set) var different = 0
  /// The first of them.
  public internal(set) var firstDifferent: Int?
  /// Whether row 0 is one of them, which has the very same cache with any number of rows; nil where it was
  /// not compared.
  public internal(set) var differsBehindPrefix: Bool?
  /// Rows with another bit than in passes of the next smaller number of rows that was read: where these
  /// change, an engine goes over to another kernel.
  public internal(set) var differentFromPrevious = 0
  /// The largest absolute difference of a value; the largest `Double` where one side is infinite.
  public internal(set) var largest = 0.0
  public internal(set) var largestAt: SweepPlace?
  /// The rows with another most probable token than alone, in order.
  public internal(set) var flips: [SweepFlip] = []

  init(rows: Int, path: String) { (self.rows, self.path) = (rows, path) }

  /// Adds a row that was computed alone and among others.
  /// - Parameter previous: the same row in passes of the next smaller number of rows, if it was recorded.
  mutating func add(
    _ row: Int, position: Int, alone: RecordedRow, among: RecordedRow, previous: RecordedRow?
  ) {
    let difference = SweepRowDifference(alone, among)
    compared += 1
    if let previous, SweepRowDifference(previous, among).differs { differentFromPrevious += 1 }
    if row == 0 { differsBehindPrefix = difference.differs }
    guard difference.differs else { return }
    different += 1
    firstDifferent = firstDifferent ?? row
    if difference.largest > largest {
      largest = TensorFigures.finite(difference.largest)
      largestAt = SweepPlace(row: row, position: position, token: difference.token)
    }
    let (first, second) = (alone.choice.token, among.choice.token)
    guard first != second else { return }
    flips.append(
      SweepFlip(
        row: row, position: position, alone: first, among: second,
        leadAlone: alone.lead(of: first, over: second),
        leadAmong: among.lead(of: second, over: first)))
  }
}

/// A value of a row of the continuation.
public struct SweepPlace: Encodable, Equatable, Sendable {
  /// The row, from 0.
  public let row: Int
  /// The position of the token that it reads.
  public let position: Int
  /// The token whose value it is.
  public let token: TokenID
}

/// A row whose most probable token depends on the number of rows: there a greedy text goes on with
/// another token.
public struct SweepFlip: Encodable, Equatable, Sendable {
  /// The row, from 0.
  public let row: Int
  /// The position of the token that it reads; the token that flips comes behind it.
  public let position: Int
  /// The most probable token alone.
  public let alone: TokenID
  /// The most probable token among others.
  public let among: TokenID
  /// How far the engine has `alone` above `among` when the row is alone, in nats; nil where one of them
  /// is not listed.
  public let leadAlone: Double?
  /// How far it has `among` above `alone` among others.
  public let leadAmong: Double?
  /// What exact arithmetic says of the two; nil until it was asked.
  public internal(set) var reference: Reference?

  public struct Reference: Encodable, Equatable, Sendable {
    /// The logit of `alone` less that of `among`; below 0 where `among` is the more probable.
    public let margin: Double?
    /// The place of `alone` among all tokens, 1 being the most probable.
    public let placeOfAlone: Int
    /// The place of `among`.
    public let placeOfAmong: Int
  }
}

extension RecordedRow {
  /// How far a token is above another, if both are known and finite.
  fileprivate func lead(of token: Int, over other: Int) -> Double? {
    guard let a = value(of: token), let b = value(of: other), (a - b).isFinite else { return nil }
    return a - b
  }
}
