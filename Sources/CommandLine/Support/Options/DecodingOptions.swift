import ArgumentParser
import Lookahead
import Session

enum DecodingMethod: String, CaseIterable, Encodable, ExpressibleByArgument {
  case lookahead, autoregressive, jacobi

  init(_ settings: SessionSettings) {
    self =
      settings.lookahead != nil ? .lookahead : settings.jacobi != nil ? .jacobi : .autoregressive
  }
}

extension JacobiConfiguration.Block: ExpressibleByArgument {}

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
      "Guesses of a pass of --decoding jacobi. (default: 16)", valueName: "count"))
  var blockSize: Int?

  @Option(
    help: """
      Whether the block of --decoding jacobi refills with new guesses as tokens are accepted, or shrinks \
      until it is used up. (default: refills)
      """)
  var block: JacobiConfiguration.Block?

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
    let blockOptions = [("--block-size", blockSize != nil), ("--block", block != nil)]
    if decoding == .jacobi {
      try lookahead.refuseRows("--decoding jacobi guesses a block of tokens")
      try Self.refuse("--decoding jacobi has no candidates", poolCache)
      _ = try Self.validating { try jacobi(seed: 0) }
    } else {
      try Self.refuse("Only --decoding jacobi has a block", blockOptions)
    }
    if decoding == .autoregressive {
      try lookahead.refuseRows("--decoding autoregressive makes one token a pass")
      try Self.refuse("--decoding autoregressive has no candidates", poolCache)
    }
    if stop.contains("") { throw ValidationError(LookaheadError.emptyStopString.description) }
  }

  private func jacobi(seed: UInt64) throws -> JacobiConfiguration {
    try JacobiConfiguration(blockSize: blockSize ?? 16, block: block ?? .refills, seed: seed)
  }

  func settings(_ sampling: SamplingConfiguration) throws -> SessionSettings {
    var settings = try SessionSettings(
      lookahead: decoding == .lookahead ? lookahead.configuration(seed: sampling.seed) : nil,
      sampling: sampling)
    if decoding == .jacobi { settings.jacobi = try jacobi(seed: sampling.seed) }
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
