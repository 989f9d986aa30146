import Files
import Llama

/// One speculative step of another engine: what was drafted, and what came of it.
///
/// A line of a JSON Lines file, under any of these names:
///
/// | field | names |
/// |---|---|
/// | drafts: one list of ids, or a list of lists for branches | `drafted`, `draft`, `draft_tokens`, `draft_token_ids`, `proposed`, `proposed_token_ids` |
/// | accepted drafts: their ids, or how many | `accepted`, `accepted_tokens`, `accepted_token_ids`, `n_accepted`, `num_accepted`, `n_accept`, `accept_length` |
/// | the token after them | `next`, `bonus`, `next_token`, `bonus_token`, `bonus_token_id`, `sampled`, `sampled_token` |
/// | or all tokens of the step | `tokens`, `output`, `output_token_ids`, `emitted` |
public struct EngineStep: Equatable, Sendable {
  /// The drafts, branch by branch.
  public let drafts: [[TokenID]]
  /// The tokens that the step added to the text: accepted drafts and the token after them.
  public let tokens: [TokenID]
  /// How many of them were drafts.
  public let acceptedCount: Int

  public init(drafts: [[TokenID]], tokens: [TokenID], acceptedCount: Int) {
    (self.drafts, self.tokens, self.acceptedCount) = (drafts, tokens, acceptedCount)
  }

  static let draftKeys = [
    "drafted", "draft", "draft_tokens", "draft_token_ids", "proposed", "proposed_token_ids",
  ]
  static let acceptedKeys = [
    "accepted", "accepted_tokens", "accepted_token_ids", "n_accepted", "num_accepted", "n_accept",
    "accept_length",
  ]
  static let nextKeys = [
    "next", "bonus", "next_token", "bonus_token", "bonus_token_id", "sampled", "sampled_token",
  ]
  static let tokenKeys = ["tokens", "output", "output_token_ids", "emitted"]

  /// Reads the steps of a text, in order.
  /// - Throws: `InputFileError`; `FileError` with the line that cannot be read.
  public static func read(_ path: String, vocabularySize: Int) throws -> [EngineStep] {
    let file = try InputFile(path: path)
    try RecordingLimit.documentBytes.check(file.count, "bytes", path: path)
    let bytes = file.bytes(at: 0, count: file.count) ?? []
    try file.checkUnchanged()
    var steps: [EngineStep] = []
    let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() {
      if line.allSatisfy({ " \t\r".utf8.contains($0) }) { continue }
      try RecordingLimit.passes.check(steps.count + 1, "steps", path: path)
      let node = try JSONParser.parse(Array(line), path: "\(path), line \(index + 1)")
      steps.append(try EngineStep(node, vocabularySize: vocabularySize))
    }
    if steps.isEmpty { throw FileError(path, "the list of steps", .malformed(reason: "is empty")) }
    return steps
  }

  private init(_ node: JSONNode, vocabularySize: Int) throws(FileError) {
    func first(_ keys: [String]) throws(FileError) -> JSONNode? {
      for key in keys { if let found = try node.optional(key) { return found } }
      return nil
    }
    guard let drafted = try first(Self.draftKeys) else {
      throw node.child(Self.draftKeys[0], .null).error(.missing)
    }
    drafts = try Self.branches(drafted)
    var tokens = try first(Self.tokenKeys)?.integers()
    let accepted = try first(Self.acceptedKeys)
    if let accepted, case .array = accepted.value {
      let list = try accepted.integers()
      acceptedCount = list.count
      if tokens == nil { tokens = list }
    } else if let accepted {
      acceptedCount = try accepted.wholeNumber()
      let longest = drafts.map(\.count).max() ?? 0
      guard 0...longest ~= acceptedCount else {
        throw accepted.error(
          .invalid(
            expected: "a number of accepted drafts from 0 to \(longest)", found: "\(acceptedCount)")
        )
      }
      if tokens == nil, drafts.count < 2 {
        tokens = Array((drafts.first ?? []).prefix(acceptedCount))
      }
    } else {
      guard let tokens else { throw node.child(Self.acceptedKeys[0], .null).error(.missing) }
      acceptedCount = max(0, tokens.count - 1)
    }
    guard var tokens else {
      throw node.error(
        .malformed(
          reason:
            "says how many drafts of several branches were accepted, not which; list their ids"))
    }
    if tokens.count == acceptedCount, let next = try first(Self.nextKeys) {
      tokens.append(try next.wholeNumber())
    }
    for token in drafts.joined() + tokens where token < 0 || token >= vocabularySize {
      throw node.error(
        .invalid(
          expected: "ids from 0 to \(vocabularySize - 1), the vocabulary of the model",
          found: "\(token)"))
    }
    self.tokens = tokens
  }

  private static func branches(_ node: JSONNode) throws(FileError) -> [[TokenID]] {
    guard case .array(let elements) = node.value else { throw node.wrongType("a list of ids") }
    if case .array = elements.first {
      var branches: [[TokenID]] = []
      for element in try node.elements() { branches.append(try element.integers()) }
      return branches.filter { !$0.isEmpty }
    }
    let ids = try node.integers()
    return ids.isEmpty ? [] : [ids]
  }
}
