/// One message of a conversation.
public struct ChatMessage: Equatable, Sendable {
  /// Who speaks; the raw value is the name that chat templates use.
  public enum Role: String, Sendable, CaseIterable {
    /// Instructions that stand above the conversation.
    case system
    /// The person.
    case user
    /// The model.
    case assistant
  }

  /// Who speaks.
  public var role: Role
  /// What is said.
  public var content: String

  /// A message.
  public init(role: Role, content: String) {
    self.role = role
    self.content = content
  }
}
