import Files

/// Why a model's chat template cannot be used, or not for these messages.
///
/// Every description is one sentence, which says how to do without a template.
public enum ChatTemplateError: Error, Equatable, Sendable {
  /// The model has no chat template.
  case absent(path: String)
  /// The template runs, but its output is of none of the known formats.
  case unrecognised(output: String)
  /// The template is not Jinja.
  case malformed(line: Int, problem: String)
  /// The template uses a part of Jinja that is not implemented here.
  case unsupported(line: Int, construct: String)
  /// The template itself raised an exception: it does not allow such a conversation.
  case refused(message: String)
  /// An operation in the template has no result, such as adding a number to a text.
  case failed(line: Int, problem: String)
  /// The template runs for longer, or makes more text, than any chat template needs.
  case endless(line: Int)
}

extension ChatTemplateError: CustomStringConvertible {
  /// One sentence: what is wrong, and the way round it.
  public var description: String {
    OneLine.of(problem) + "; a prompt can be passed as it is, without a template, with --raw."
  }

  private var problem: String {
    switch self {
    case .absent(let path):
      "\(path) has no chat template"
    case .unrecognised(let output):
      "The model's chat template is none of ChatML, Llama 2, Llama 3, Mistral and Zephyr, since "
        + "it begins a conversation with \(OneLine.quoted(output))"
    case .malformed(let line, let problem):
      "The model's chat template is malformed in line \(line): \(problem)"
    case .unsupported(let line, let construct):
      "The model's chat template uses \(construct) in line \(line), which is not supported"
    case .refused(let message):
      "The model's chat template does not allow this conversation and says "
        + OneLine.quoted(message)
    case .failed(let line, let problem):
      "The model's chat template fails in line \(line): \(problem)"
    case .endless(let line):
      "The model's chat template runs too long in line \(line)"
    }
  }
}
