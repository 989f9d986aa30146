import Llama

/// The text of generated tokens, piece by piece, up to the first stop string.
///
/// A possible beginning of a stop string is held back until it is clear that it is none. Special tokens
/// are not part of the text.
///
/// Of several stop strings the one that is complete first ends the text, and of those complete at the
/// same place the longest, so the result does not depend on token boundaries.
public struct OutputText: Sendable {
  private var decoder: StreamingTextDecoder
  private let stopStrings: [[UInt8]]
  /// The longest suffix of the text that a stop string could begin with.
  private var held: [UInt8] = []
  /// Whether a stop string has ended the text. What follows is not part of it.
  public private(set) var isStopped = false

  public init(_ tokenizer: Tokenizer, stopStrings: StopStrings? = nil) {
    decoder = StreamingTextDecoder(tokenizer, skipSpecialTokens: true)
    self.stopStrings = (stopStrings?.strings ?? []).map { Array($0.utf8) }
  }

  /// The whole text of tokens.
  public static func text(
    of tokens: [TokenID], _ tokenizer: Tokenizer, stopStrings: StopStrings? = nil
  ) -> String {
    var output = OutputText(tokenizer, stopStrings: stopStrings)
    let pieces = tokens.map { output.append($0) }
    return pieces.joined() + output.finish()
  }

  /// - Returns: the text that this token completes; empty if all of it is held back.
  public mutating func append(_ token: TokenID) -> String {
    isStopped ? "" : release(decoder.append(token))
  }

  /// Ends the text.
  /// - Returns: the text that was held back.
  public mutating func finish() -> String {
    if isStopped { return "" }
    let last = release(decoder.finish())
    defer { held = [] }
    return isStopped ? last : last + String(decoding: held, as: UTF8.self)
  }

  /// Appends a piece and returns the text that can no longer become part of a stop string.
  private mutating func release(_ piece: String) -> String {
    if stopStrings.isEmpty { return piece }
    for byte in piece.utf8 {
      held.append(byte)
      let complete = stopStrings.filter { held.hasSuffix($0) }
      if let longest = complete.map(\.count).max() {
        isStopped = true
        held.removeLast(longest)
        return String(decoding: held, as: UTF8.self)
      }
    }
    // Stop strings begin with whole characters, so the text before one ends with a whole character.
    let longest = stopStrings.map(\.count).max() ?? 0
    let start =
      (max(0, held.count - longest + 1)..<held.count).first { start in
        stopStrings.contains { $0.starts(with: held[start...]) }
      } ?? held.count
    defer { held.removeFirst(start) }
    return String(decoding: held[..<start], as: UTF8.self)
  }
}

extension [UInt8] {
  fileprivate func hasSuffix(_ other: [UInt8]) -> Bool {
    count >= other.count && self[(count - other.count)...].elementsEqual(other)
  }
}
