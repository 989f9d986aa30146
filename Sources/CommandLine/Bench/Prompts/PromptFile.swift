import Files
import Foundation
import Session

struct BenchPrompt: Decodable, Equatable {
  /// Names the prompt in reports; no other has it.
  let id: String
  /// Where it is from, such as the name of a public set.
  let set: String?
  /// What is asked for, such as code.
  let kind: String?
  /// Whether it is a user's message; else it is text to continue.
  let chat: Bool
  let prompt: String

  var asPrompt: Prompt { asPrompt(system: nil) }

  /// - Parameter system: a system message, for those that are messages.
  func asPrompt(system: String?) -> Prompt {
    chat ? .message(prompt, system: system) : .raw(prompt)
  }
}

/// Files with one JSON object a line. Keys that `BenchPrompt` does not have are notes of the file's
/// author; empty lines are skipped.
enum PromptFile {
  /// The prompts of a file, `-` being standard input.
  static func read(_ path: String) throws -> [BenchPrompt] {
    try prompts(in: try TextInput.text(ofFile: path), path: path)
  }

  static func prompts(in text: String, path: String) throws -> [BenchPrompt] {
    var prompts: [BenchPrompt] = []
    var ids: Set<String> = []
    // JSON allows other line separators inside its texts. A carriage return before a line feed is
    // white space to it.
    let lines = text.utf8.split(
      separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false
    ).map { Substring($0) }
    for (index, line) in lines.enumerated() where !line.allSatisfy(\.isWhitespace) {
      let prompt = try prompt(in: line, path: path, line: index + 1)
      guard ids.insert(prompt.id).inserted else {
        throw FileError(path, "the id \(prompt.id) in line \(index + 1)", .duplicate)
      }
      prompts.append(prompt)
    }
    if prompts.isEmpty { throw FileError(path, "a prompt", .missing) }
    return prompts
  }

  private static func prompt(
    in text: Substring, path: String, line: Int
  ) throws(FileError) -> BenchPrompt {
    let reason: String
    do {
      let prompt = try JSONDecoder().decode(BenchPrompt.self, from: Data(text.utf8))
      if !prompt.prompt.isEmpty { return prompt }
      reason = "its prompt is empty"
    } catch DecodingError.keyNotFound(let key, _) {
      reason = "it lacks \(key.stringValue)"
    } catch DecodingError.typeMismatch(let type, let context),
      DecodingError.valueNotFound(let type, let context)
    {
      let expected = type == Bool.self ? "true or false" : "a text"
      reason =
        context.codingPath.last.map { "\($0.stringValue) is not \(expected)" }
        ?? "it is not a JSON object"
    } catch {
      reason = "it is not well-formed JSON"
    }
    throw FileError(path, "line \(line)", .malformed(reason: "is not a prompt: \(reason)"))
  }
}
