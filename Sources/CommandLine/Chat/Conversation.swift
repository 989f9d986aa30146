import Llama
import Lookahead

/// A conversation and the decoder that has it in its cache.
struct Conversation {
  let opened: OpenedModel
  private let system: String?
  /// The tokens after which an answer ends.
  let endTokens: Set<TokenID>
  var decoder: any Decoder
  private var messages: [ChatMessage] = []
  /// Answers so far, over all conversations.
  private(set) var answers = 0

  /// An empty conversation.
  /// - Throws: `ChatTemplateError` if the model has no template to use.
  init(opened: OpenedModel, system: String?, decoder: any Decoder) throws {
    endTokens = try opened.endTokens(isChat: true)
    self.opened = opened
    self.system = system
    self.decoder = decoder
    reset()
  }

  /// Begins a new conversation with the same system message.
  mutating func reset() {
    messages = system.map { [ChatMessage(role: .system, content: $0)] } ?? []
  }

  /// The tokens of the conversation with one more message, up to where the answer begins.
  /// - Throws: `CommandError.conversationTooLong`, or what the chat template throws.
  func prompt(with message: String) throws -> [TokenID] {
    let prompt = try opened.tokens(
      of: messages + [ChatMessage(role: .user, content: message)])
    if prompt.count >= decoder.contextLimit {
      throw CommandError.conversationTooLong(
        tokens: prompt.count, contextLength: decoder.contextLimit)
    }
    return prompt
  }

  /// Takes in a message and its answer, as far as it was shown.
  mutating func append(
    message: String, answer: [TokenID], stopStrings: StopStrings?
  ) throws {
    let text = OutputText.text(
      of: answer, try opened.requiredTokenizer(), stopStrings: stopStrings)
    messages += [
      ChatMessage(role: .user, content: message), ChatMessage(role: .assistant, content: text),
    ]
    answers += 1
  }

  /// Whether there is no position left.
  var isFull: Bool { decoder.text.count > decoder.contextLimit }
}
