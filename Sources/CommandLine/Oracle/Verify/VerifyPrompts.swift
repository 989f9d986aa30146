import ArgumentParser
import Llama
import Oracle
import Session

struct VerifyPrompts: ParsableArguments {
  @OptionGroup var single: PromptOptions

  @Option(
    help: ArgumentHelp(
      "A file of prompts, as lookahead bench takes it, instead of one. "
        + "(default: a few of several kinds)", valueName: "file"))
  var prompts: String?

  func validate() throws {
    if prompts != nil, single.isGiven {
      throw ValidationError("Either --prompts or one prompt can be given, not both.")
    }
    if !single.isGiven, single.raw || single.system != nil {
      throw ValidationError("--raw and --system say how one prompt is meant, so they need one.")
    }
  }

  /// Prompts that have been read, but not turned into tokens.
  enum Given {
    case single(Prompt)
    /// Those of a file; without one a few of several kinds.
    case several([BenchPrompt]?)

    /// The prompts as tokens.
    /// - Parameter ignoringEnds: whether texts go on beyond the tokens that end one.
    /// - Throws: `CommandError`; for a single prompt what makes it useless.
    func prompts(for opened: OpenedModel, ignoringEnds: Bool) throws -> [VerificationPrompt] {
      let prompts: [VerificationPrompt]
      switch self {
      case .single(let prompt):
        let tokens = try opened.continuableTokens(of: prompt)
        let endTokens = try opened.endTokens(isChat: prompt.isChat)
        prompts = [VerificationPrompt(id: "prompt", tokens: tokens, endTokens: endTokens)]
      case .several(let read):
        let read = read ?? TunePrompts.prompts(for: opened)
        prompts = try PromptBenchmark.tasks(read, opened).map {
          VerificationPrompt(id: $0.prompt.id, tokens: $0.tokens, endTokens: $0.endTokens)
        }
      }
      if !ignoringEnds { return prompts }
      return prompts.map { VerificationPrompt(id: $0.id, tokens: $0.tokens, endTokens: []) }
    }
  }

  func read() throws -> Given {
    if single.isGiven { return .single(try single.read()) }
    return .several(try prompts.map(PromptFile.read))
  }
}
