/// Somebody who wants to see every pass of a decoder. Where there is nobody, nothing is recorded.
public protocol PassObserver: Sendable {
  /// Called when a pass has been run and all that follows from it has been decided.
  /// - Throws: anything; it ends the text.
  func observe(_ pass: PassRecord) throws
}
