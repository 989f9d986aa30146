import ArgumentParser
import Llama
import Lookahead

struct SamplingOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "0 takes the most probable token; above, one is drawn, and the higher, the freer.",
      valueName: "number"))
  var temperature: Float = 0

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Keep the most probable tokens; 0 keeps all.", valueName: "count"))
  var topK = 0

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Keep the most probable tokens that together have this probability.", valueName: "number"))
  var topP = 1.0

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Keep tokens that have this part of the most probable one's probability.",
      valueName: "number"))
  var minP = 0.0

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Divide the logits of tokens that are in the text; 1 for none.", valueName: "number"))
  var repeatPenalty: Float = 1

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Subtract this for each time that a token was made; 0 for none.", valueName: "number"))
  var frequencyPenalty: Float = 0

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Subtract this if a token was made; 0 for none.", valueName: "number"))
  var presencePenalty: Float = 0

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("How far the penalties look back; -1 for all the text.", valueName: "count"))
  var repeatLastN = Self.usualRepeatLastN

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "Add to a token's logit; -inf forbids the token. Can be repeated.", valueName: "id=value"))
  var logitBias: [LogitBiasArgument] = []

  @Option(
    help: ArgumentHelp(
      "Which of the possible texts is drawn; the first window is drawn by it too. (default: any, "
        + "where tokens are drawn; otherwise 0)", valueName: "number"))
  var seed: UInt64?

  private static let usualRepeatLastN = 64

  func validate() throws {
    _ = try Self.validating { try configuration(seed: 0) }
    if topK < 0 {
      throw ValidationError("The top-k is \(topK), but must be at least 1, or 0 to keep all.")
    }
    if repeatLastN < -1 {
      throw ValidationError(
        "The penalty window is \(repeatLastN), but must be at least 0, or -1 for all the text.")
    }
    let biased = Dictionary(grouping: logitBias, by: \.token)
    if let token = biased.first(where: { $0.value.count > 1 })?.key {
      throw ValidationError("Token \(token) has more than one --logit-bias.")
    }
  }

  /// Whether any option differs from its default.
  var isChosen: Bool {
    get throws {
      let usual = try SamplingConfiguration(penaltyWindow: Self.usualRepeatLastN)
      return try seed != nil || configuration(seed: usual.seed) != usual
    }
  }

  /// Says which of the given options have no effect.
  func noteUnused() {
    guard temperature == 0 else { return }
    let unused = [
      ("--top-k", topK != 0), ("--top-p", topP != 1), ("--min-p", minP != 0),
    ].filter(\.1).map(\.0)
    guard !unused.isEmpty else { return }
    let verb = unused.count == 1 ? "changes" : "change"
    Console.note("Note: \(unused.joined(separator: " and ")) \(verb) nothing at temperature 0.")
  }

  /// The given seed; else a random one where tokens are drawn, and 0 where they are not.
  func chooseSeed() -> UInt64 {
    seed ?? (temperature > 0 ? UInt64.random(in: 0...UInt64(UInt32.max)) : 0)
  }

  func configuration(seed: UInt64) throws -> SamplingConfiguration {
    try SamplingConfiguration(
      temperature: temperature, topK: topK > 0 ? topK : nil, topP: topP, minP: minP,
      repetitionPenalty: repeatPenalty, frequencyPenalty: frequencyPenalty,
      presencePenalty: presencePenalty, penaltyWindow: repeatLastN >= 0 ? repeatLastN : nil,
      logitBias: Dictionary(logitBias.map { ($0.token, $0.bias) }) { _, last in last }, seed: seed)
  }
}

/// A token and what is added to its logit, written as `15=-2.5`.
struct LogitBiasArgument: ExpressibleByArgument {
  let token: TokenID
  let bias: Float

  init?(argument: String) {
    let parts = argument.split(separator: "=", omittingEmptySubsequences: false)
    guard parts.count == 2, let token = Int(parts[0]), token >= 0, let bias = Float(parts[1])
    else { return nil }
    (self.token, self.bias) = (token, bias)
  }
}
