import ArgumentParser
import Llama
import Oracle

/// How the other engine makes its drafts, if that is known.
struct DraftingOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The steps of the speculative run, as JSON Lines: drafted, accepted, next (docs/diagnosing.md).",
      valueName: "file"))
  var steps: String?

  @Option(
    help: ArgumentHelp(
      "Tokens that the engine's prompt lookup looks up at most. (default: the usual ones are tried)",
      valueName: "n"))
  var lookupLength: Int?

  @Option(help: ArgumentHelp("Tokens of a draft at most. (default: 5)", valueName: "n"))
  var draftLength: Int?

  @Option(help: ArgumentHelp("Drafts of a pass at most. (default: 1)", valueName: "n"))
  var branches: Int?

  @Flag(help: "The oldest occurrence in the text is drafted from, not the newest.")
  var oldest = false

  func validate() throws {
    for (name, value) in [
      ("lookup length", lookupLength), ("draft length", draftLength),
      ("number of branches", branches),
    ] {
      if let value { try Self.require(name, value, upTo: 64) }
    }
    if steps != nil, isGiven {
      throw ValidationError("--steps says what was drafted; leave out how drafts are found.")
    }
  }

  private var isGiven: Bool {
    lookupLength != nil || draftLength != nil || branches != nil || oldest
  }

  /// Nil where nothing is known.
  var rules: [DraftRule]? {
    guard isGiven else { return nil }
    return [
      .lookup(
        PromptLookup(
          longest: lookupLength ?? 3, length: draftLength ?? 5, branches: branches ?? 1,
          takesOldest: oldest))
    ]
  }
}

/// The engine's texts.
struct EngineTextOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "What the engine generated without speculation: token ids, or a server's answer.",
      valueName: "file"))
  var plain: String?

  @Option(
    help: ArgumentHelp("What it generated with speculation.", valueName: "file"))
  var speculative: String?

  @Option(
    help: ArgumentHelp(
      "The coarsest arithmetic that the engine has: float32, float16-cache, f16, int8 or bf16. "
        + "(default: any)", valueName: "arithmetic"))
  var precision: EngineArithmetic?

  @Option(
    help: ArgumentHelp(
      "Another model that the engine may have run, such as another quantisation. Can be repeated.",
      valueName: "path"))
  var otherModel: [String] = []

  func validate() throws {
    if plain == nil, speculative == nil {
      throw ValidationError("A text is needed: --plain FILE, --speculative FILE or, best, both.")
    }
  }
}

extension EngineArithmetic: ExpressibleByArgument {}
