import Session

/// The default prompts of `lookahead tune` and `lookahead verify`: a few kinds of text.
enum TunePrompts {
  /// Messages for a model with a chat template, texts to continue for one without.
  static func prompts(for opened: OpenedModel) -> [BenchPrompt] {
    let isChat = (try? opened.chatTemplate?.get()) != nil
    return texts.map { kind, text in
      BenchPrompt(id: kind, set: nil, kind: kind, chat: isChat && kind != "code", prompt: text)
    }
  }

  private static let texts = [
    ("prose", "Describe a walk along a river on a cold morning."),
    ("steps", "List the steps to repair a flat bicycle tyre, and then repeat the list backwards."),
    (
      "code",
      """
      def is_palindrome(text):
          \"\"\"Return whether the text reads the same backwards.\"\"\"
          return text == text[::-1]


      def is_palindrome_number(number):
      """
    ),
    (
      "rewriting",
      "Write this once more with every price doubled: Tea costs 2, coffee costs 3, cake costs 4."
    ),
  ]
}
