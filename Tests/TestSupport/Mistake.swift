import Testing

/// A change that makes a good file or configuration bad, and the sentence that is expected then.
public struct Mistake<Subject>: Sendable, CustomTestStringConvertible {
  /// The description of the error after the path.
  public let sentence: String
  /// Makes the change.
  public let make: @Sendable (inout Subject) -> Void

  /// A mistake.
  public init(_ sentence: String, make: @escaping @Sendable (inout Subject) -> Void) {
    self.sentence = sentence
    self.make = make
  }

  /// The sentence.
  public var testDescription: String { sentence }

  /// A subject with the mistake in it.
  public func made(in subject: Subject) -> Subject {
    var subject = subject
    make(&subject)
    return subject
  }
}

/// Runs `body` and returns the description of the error it throws, without the path at its beginning.
///
/// Records an issue if nothing is thrown or the sentence begins otherwise.
public func sentence(
  about path: String, sourceLocation: SourceLocation = #_sourceLocation,
  _ body: () throws -> some Any
) -> String {
  do {
    _ = try body()
    Issue.record("nothing was thrown", sourceLocation: sourceLocation)
    return ""
  } catch {
    let text = "\(error)"
    // A `FileError` puts a colon after the path.
    let start = [path + ": ", path + " "].first { text.hasPrefix($0) }
    #expect(start != nil, "\(text)", sourceLocation: sourceLocation)
    return String(text.dropFirst(start?.count ?? 0))
  }
}
