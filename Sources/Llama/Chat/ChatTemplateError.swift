import Files

/// Why a model's chat template cannot be used, or not for these messages.
public enum ChatTemplateError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The model has no chat template.
  case absent(path: String)
  /// The template is not Jinja.
  case malformed(line: Int, problem: String)
  /// The template uses a part of Jinja that is not implemented here.
  case unsupported(line: Int, construct: String)
  /// The template itself raised an exception: it does not allow such a conversation.
  case refused(message: String)
  /// An operation in the template has no result, such as adding a number to a text.
  case failed(line: Int, problem: String)
  /// The template exceeds the limits of steps or text.
  case endless(line: Int)

  /// One sentence.
  public var description: String { OneLine.of(problem) + "." }

  private var problem: String {
    let template = "The model's chat template"
    return switch self {
    case .absent(let path):
      "\(path) has no chat template"
    case .malformed(let line, let problem):
      "\(template) cannot be read in line \(line): \(problem)"
    case .unsupported(let line, let construct):
      "\(template) uses \(construct) in line \(line), which is not supported"
    case .refused(let message):
      "\(template) does not allow this conversation and says \(OneLine.quoted(message))"
    case .failed(let line, let problem):
      "\(template) fails in line \(line): \(problem)"
    case .endless(let line):
      "\(template) runs too long in line \(line)"
    }
  }
}
