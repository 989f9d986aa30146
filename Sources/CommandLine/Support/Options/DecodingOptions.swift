import ArgumentParser
import Lookahead
import Session

enum DecodingMethod: String, CaseIterable, Encodable, ExpressibleByArgument {
  case lookahead, autoregressive
}

struct DecodingOptions: ParsableArguments {
  @Option(
    name: [.customShort("n"), .long],
    help: ArgumentHelp("Tokens to make at the most.", valueName: "count"))
  var maxTokens = 128

  @Option(
    name: [.customShort("c"), .long],
    help: ArgumentHelp(
      "Positions to use at the most, prompt included. (default: the model's)", valueName: "count"))
  var context: Int?

  @Option(help: "How text is made; changes the speed only.")
  var decoding = DecodingMethod.lookahead

  @OptionGroup var lookahead: LookaheadOptions

  @Option(
    help: ArgumentHelp(
      "A file that keeps generated texts as a source of candidates for later runs.",
      valueName: "file"))
  var poolCache: String?

  @Flag(
    inversion: .prefixedNo,
    help: """
      Draft from what the model's logits said in earlier runs, and keep what they say in this one, in the \
      user's cache folder; with --schedule auto only. lookahead forget removes it.
      """)
  var learning = true

  @Option(
    help: ArgumentHelp("Tokens of the prompt that one pass reads.", valueName: "count"))
  var prefillChunk = 128

  @Flag(name: .long, help: "Make text on beyond the tokens that end one.")
  var ignoreEos = false

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp("End the text before this string. Can be repeated.", valueName: "text"))
  var stop: [String] = []

  func validate() throws {
    try Self.require([
      "number of tokens": maxTokens, "context": context, "prefill chunk": prefillChunk,
    ])
    let poolCache = [("--pool-cache", poolCache != nil)]
    if lookahead.policy != .standard {
      try Self.refuse("--policy \(lookahead.policy.rawValue) drafts from the window", poolCache)
    }
    if lookahead.poolSources?.contains(.file) == false {
      try Self.refuse("--pool-sources does not name the file", poolCache)
    }
    if decoding == .autoregressive {
      try lookahead.refuseRows("--decoding autoregressive makes one token a pass")
      try Self.refuse("--decoding autoregressive has no candidates", poolCache)
    }
    if stop.contains("") { throw ValidationError(LookaheadError.emptyStopString.description) }
  }

  func settings(_ sampling: SamplingConfiguration) throws -> SessionSettings {
    var settings = try SessionSettings(
      lookahead: decoding == .lookahead ? lookahead.configuration(seed: sampling.seed) : nil,
      sampling: sampling)
    settings.maximumTokens = maxTokens
    settings.contextLimit = context
    settings.prefillChunk = prefillChunk
    settings.stopStrings = stop
    settings.ignoresEndTokens = ignoreEos
    settings.poolCache = poolCache
    settings.learns = learning
    return settings
  }
}
