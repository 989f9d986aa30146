public struct ChatMessage: Equatable, Sendable {
  /// The raw value is the name that chat templates use.
  public enum Role: String, Sendable, CaseIterable {
    case system
    case user
    case assistant
  }

  public var role: Role
  public var content: String

  public init(role: Role, content: String) {
    (self.role, self.content) = (role, content)
  }
}
