import Llama

/// Where the drafts of a simulated engine come from.
public enum DraftRule: Equatable, Sendable {
  /// Drafts are what followed the text's last tokens when they occurred before. The first token comes from
  /// the pass that reads the prompt, which has no drafts.
  case lookup(PromptLookup)
  /// The drafts of each pass, branch by branch.
  /// - firstPassHasDrafts: whether the first of them are those of the pass that gives the first token.
  case recorded([[[TokenID]]], firstPassHasDrafts: Bool)

  /// The drafts after a text, branch by branch, none of them empty.
  /// - Parameter pass: passes before this one, the one that gives the first token included.
  func drafts(after text: [TokenID], pass: Int) -> [[TokenID]] {
    switch self {
    case .lookup(let lookup): return pass == 0 ? [] : lookup.drafts(after: text)
    case .recorded(let passes, let firstPassHasDrafts):
      let index = firstPassHasDrafts ? pass : pass - 1
      return passes.indices.contains(index) ? passes[index] : []
    }
  }

  /// The drafts of given steps, with the first token from the reading of the prompt and from a step.
  static func recorded(_ steps: [EngineStep]) -> [DraftRule] {
    [false, true].map { .recorded(steps.map(\.drafts), firstPassHasDrafts: $0) }
  }
}

/// Prompt lookup: for n from `longest` down to 1, each earlier occurrence of the last n tokens drafts
/// the tokens that follow it.
///
/// Source: `PromptLookupCandidateGenerator` of transformers 5.23 and `LlamaPromptLookupDecoding` of
/// llama-cpp-python 0.3.36, which take the oldest occurrence.
public struct PromptLookup: Hashable, Sendable, CustomStringConvertible {
  /// Tokens that are looked up at most.
  public var longest: Int
  /// Tokens of a draft at most.
  public var length: Int
  /// Drafts of a pass at most; no two begin with the same token.
  public var branches: Int
  /// Whether the oldest occurrence comes first, else the newest.
  public var takesOldest: Bool

  public init(longest: Int, length: Int, branches: Int = 1, takesOldest: Bool = false) {
    self.longest = longest
    self.length = length
    self.branches = branches
    self.takesOldest = takesOldest
  }

  public var description: String {
    "prompt lookup of \(longest) tokens, drafts of \(length)"
      + (branches > 1 ? ", \(branches) branches" : "") + (takesOldest ? ", oldest first" : "")
  }

  /// What engines do where nothing is known of this one: transformers and llama-cpp-python, vLLM, and
  /// one with branches.
  public static let usual = [
    PromptLookup(longest: 3, length: 5),
    PromptLookup(longest: 3, length: 5, branches: 2),
    PromptLookup(longest: 2, length: 10, takesOldest: true),
    PromptLookup(longest: 3, length: 3),
    PromptLookup(longest: 3, length: 10),
  ]

  func drafts(after text: [TokenID]) -> [[TokenID]] {
    var drafts: [[TokenID]] = []
    for n in (1...max(1, longest)).reversed() where n < text.count {
      let last = text.suffix(n)
      // An occurrence ends before the text does.
      let starts = Array(0..<text.count - n)
      for start in takesOldest ? starts : starts.reversed()
      where text[start..<start + n].elementsEqual(last) {
        let draft = Array(text[(start + n)...].prefix(length))
        if draft.isEmpty || drafts.contains(where: { $0.first == draft.first }) { continue }
        drafts.append(draft)
        if drafts.count >= branches { return drafts }
      }
    }
    return drafts
  }
}
