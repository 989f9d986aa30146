import Foundation

/// What a line of a conversation asks for.
enum ChatInput: Equatable {
  case exit
  case reset
  case help
  /// A word that begins with a slash, but is no command.
  case unknownCommand(String)
  case nothing
  case message(String)

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
