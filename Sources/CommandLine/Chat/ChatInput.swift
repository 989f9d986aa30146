import Foundation

/// What a line of a conversation asks for.
enum ChatInput: Equatable {
  /// The end.
  case exit
  /// A new conversation.
  case reset
  /// The list of commands.
  case help
  /// A word that begins with a slash, but is no command.
  case unknownCommand(String)
  /// A blank line.
  case nothing
  /// Something to answer.
  case message(String)

  /// What `/help` says.
  static let commands = "/reset begins a new conversation, /exit ends, /help says this."

  init(_ line: String) {
    let word = line.trimmingCharacters(in: .whitespaces)
    switch word {
    case "": self = .nothing
    case "/exit": self = .exit
    case "/reset": self = .reset
    case "/help": self = .help
    case _ where word.hasPrefix("/") && word.dropFirst().allSatisfy(\.isLetter):
      self = .unknownCommand(word)
    default: self = .message(line)
    }
  }
}
