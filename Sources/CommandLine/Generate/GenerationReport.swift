import Llama
import Lookahead
import Session

/// What `--json` says of one text.
///
/// The keys are the names here in snake case, in alphabetical order; what does not apply is null.
struct GenerationReport: Encodable {
  struct Seconds: Encodable {
    /// Opening the files and reading the weights.
    let load: Double
    /// Reading the prompt and accepting the first token.
    let prefill: Double
    /// All later passes, printing not counted.
    let decode: Double
  }

  let model: ModelReport
  let promptIds: [TokenID]
  /// With the token that ended the text, or that completed a stop string.
  let outputIds: [TokenID]
  /// Up to a stop string and without special tokens; null where the model has no tokenizer.
  @Nullable var text: String?
  let finishReason: FinishReason
  let decoding: DecodingMethod
  /// This and the next three are null for plain decoding.
  @Nullable var schedule: LookaheadConfiguration.Schedule?
  /// Under the automatic schedule W, N and G are upper bounds.
  @Nullable var window: Int?
  @Nullable var ngram: Int?
  @Nullable var candidates: Int?
  let passes: Int
  /// Over all passes; of the one that read the prompt those from its last token on.
  let rows: Int
  let tokensPerPass: Double
  /// Element n: how many passes accepted n tokens.
  let passesByTokens: [Int]
  /// Accepted tokens that had been drafted, by origin of the draft.
  let guessedTokens: [String: Int]
  let seconds: Seconds
  let tokensPerSecond: Double
  let timeToFirstToken: Double
  let threads: Int
  let matmul: String
  let instructionSet: String
  let sampling: SamplingReport
  /// Of the float32 little-endian rows of logits behind the output, in order.
  let logitsSha256: String
  var compare: Comparison?
  /// In a conversation: which answer this is, from 1.
  var turn: Int?
  /// In a conversation: tokens of the prompt that were in the KV cache already.
  var reusedTokens: Int?

  init(_ run: GenerationRun, _ session: TextSession, _ model: ModelReport) {
    let (result, settings, executor) = (run.result, session.settings, session.model.executor)
    self.model = model
    promptIds = run.text?.prompt ?? []
    outputIds = result.tokens
    text = session.opened.tokenizer == nil ? nil : run.text?.text
    finishReason = result.finishReason
    decoding = settings.lookahead == nil ? .autoregressive : .lookahead
    schedule = settings.lookahead?.schedule
    window = settings.lookahead?.windowSize
    ngram = settings.lookahead?.ngramSize
    candidates = settings.lookahead?.candidatesPerToken
    passes = result.passes
    rows = result.rows
    tokensPerPass = result.tokensPerPass
    passesByTokens = result.statistics.passesByTokens
    let accepted = result.statistics.acceptedDrafts
    guessedTokens = Dictionary(
      uniqueKeysWithValues: Set(DraftOrigin.builtIn).union(accepted.keys).map {
        ($0.name, accepted[$0] ?? 0)
      })
    seconds = Seconds(
      load: session.loadSeconds, prefill: result.prefillSeconds, decode: result.decodeSeconds)
    tokensPerSecond = result.tokensPerSecond
    timeToFirstToken = result.prefillSeconds
    threads = executor.threadCount
    matmul = session.model.path.rawValue
    sampling = SamplingReport(settings.sampling)
    instructionSet = executor.instructionSet.rawValue
    logitsSha256 = run.digest.hexDigest
  }
}

struct ModelReport: Encodable {
  let path: String
  let sha256: String
  let format: String
  let parameters: Int

  init(_ opened: OpenedModel) throws {
    path = opened.checkpoint.path
    sha256 = try opened.sha256()
    format = opened.checkpoint.formatDescription
    parameters = opened.checkpoint.parameterCount
  }
}
