import Llama
import Lookahead
import Synchronization

/// A conversation in the model's chat template. What was said before stays in the session's KV cache,
/// so that only new tokens are read.
public final class Conversation: Sendable {
  public let session: TextSession
  private let system: String?
  private let stop: StopRules
  private let state: Mutex<State>

  private struct State {
    var messages: [ChatMessage]
    var answers = 0
  }

  /// A message that can be answered: the conversation up to it, as tokens.
  public struct Turn: Sendable {
    public let message: String
    public let tokens: [TokenID]
  }

  init(_ session: TextSession, system: String?) throws {
    (self.session, self.system) = (session, system)
    stop = try session.settings.stopRules(for: session.opened, isChat: true)
    state = Mutex(State(messages: Self.beginning(system)))
    // A template that refuses the system message does so now.
    _ = try session.opened.tokens(of: .message("Hello", system: system))
  }

  private static func beginning(_ system: String?) -> [ChatMessage] {
    system.map { [ChatMessage(role: .system, content: $0)] } ?? []
  }

  /// The messages so far, the system message included.
  public var messages: [ChatMessage] { state.withLock { $0.messages } }

  /// Answers so far, those before a `reset` included.
  public var answers: Int { state.withLock { $0.answers } }

  /// Whether the context has no position left for another token.
  public var isFull: Bool { session.withDecoder { $0.text.count > $0.contextLimit } }

  /// Begins anew with the same system message.
  public func reset() { state.withLock { $0.messages = Self.beginning(system) } }

  /// The conversation with one more message, as tokens.
  /// - Throws: `SessionError.conversationTooLong`, or what the chat template throws.
  public func turn(_ message: String) throws -> Turn {
    let tokens = try session.opened.tokens(
      of: messages + [ChatMessage(role: .user, content: message)])
    let limit = session.withDecoder { $0.contextLimit }
    if tokens.count >= limit {
      throw SessionError.conversationTooLong(tokens: tokens.count, contextLength: limit)
    }
    return Turn(message: message, tokens: tokens)
  }

  /// Answers a message. The message and its answer, also one that was cancelled, become part of the
  /// conversation; a message whose reading was cancelled does not.
  public func answer(_ message: String) throws -> GeneratedText { try answer(turn(message)) }

  /// Answers a message; see `TextSession.generate`.
  public func answer(
    _ turn: Turn, onTokens: (Accepted) throws -> Continuation = { _ in .proceed },
    onProgress: (PromptProgress) throws -> Void = { _ in }
  ) throws -> GeneratedText {
    let text = try session.generate(
      turn.tokens, stop: stop, onTokens: onTokens, onProgress: onProgress)
    append(turn, text.result)
    return text
  }

  /// Begins to answer a message; the events are awaited.
  public func stream(_ message: String) throws -> GenerationEvents {
    let turn = try turn(message)
    return session.stream(turn.tokens, stop: stop) { [self] in append(turn, $0) }
  }

  private func append(_ turn: Turn, _ result: GenerationResult) {
    guard !result.tokens.isEmpty, let tokenizer = session.opened.tokenizer else { return }
    let answer = OutputText.text(of: result.tokens, tokenizer, stopStrings: stop.stopStrings)
    state.withLock {
      $0.messages += [
        ChatMessage(role: .user, content: turn.message),
        ChatMessage(role: .assistant, content: answer),
      ]
      $0.answers += 1
    }
  }
}
