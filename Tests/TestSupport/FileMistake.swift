import Files
import Testing

/// A change that makes a good file bad, and the error that is expected then, less its path.
public struct FileMistake<Subject>: Sendable, CustomTestStringConvertible {
  public let part: String?
  public let problem: FileError.Problem
  public let make: @Sendable (inout Subject) -> Void

  public init(
    _ part: String?, _ problem: FileError.Problem, make: @escaping @Sendable (inout Subject) -> Void
  ) {
    (self.part, self.problem, self.make) = (part, problem, make)
  }

  public var testDescription: String { "\(part ?? "the file"): \(problem)" }

  /// A subject with the mistake in it.
  public func made(in subject: Subject) -> Subject {
    var subject = subject
    make(&subject)
    return subject
  }

  /// Expects that `body` throws the error about `path`.
  public func expect(
    about path: String, sourceLocation: SourceLocation = #_sourceLocation,
    _ body: () throws -> some Any
  ) {
    #expect(throws: FileError(path, part, problem), sourceLocation: sourceLocation) { try body() }
  }
}
