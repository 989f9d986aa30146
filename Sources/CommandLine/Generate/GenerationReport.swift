import Foundation
import Llama
import Lookahead
import Tensor

/// What `--json` says of one text.
///
/// The keys are the names here in snake case, in alphabetical order; what does not apply is null.
struct GenerationReport: Encodable {
  /// What the text was made with.
  struct Setup {
    let model: ModelReport
    let loadSeconds: Double
    let tokenizer: Tokenizer?
    let decoding: DecodingMethod
    /// W, N and G; nothing for plain decoding.
    let configuration: LookaheadConfiguration?
    let executor: Executor
    let matmul: MatrixProductPath
    let sampling: SamplingConfiguration

    /// The setup that the options make.
    init(
      _ opened: OpenedModel, _ model: LlamaModel, loadSeconds: Double, options: DecodingOptions,
      sampling: SamplingConfiguration
    ) throws {
      self.model = try ModelReport(opened)
      self.loadSeconds = loadSeconds
      tokenizer = opened.tokenizer
      decoding = options.decoding
      configuration =
        decoding == .lookahead ? try options.lookahead.configuration(seed: sampling.seed) : nil
      executor = model.executor
      matmul = model.path
      self.sampling = sampling
    }
  }

  /// Seconds of wall-clock time.
  struct Seconds: Encodable {
    /// Opening the files and reading the weights.
    let load: Double
    /// Reading the prompt and settling the first token.
    let prefill: Double
    /// Everything after that, printing not counted.
    let decode: Double
  }

  let model: ModelReport
  let promptIds: [TokenID]
  /// With the token that ended the text, or that completed a stop string, if one did.
  let outputIds: [TokenID]
  /// Up to a stop string and without special tokens; null where the model has no tokenizer.
  let text: Nullable<String>
  let finishReason: FinishReason
  let decoding: DecodingMethod
  /// Who decided how many rows a pass had; null for plain decoding.
  let schedule: Nullable<LookaheadConfiguration.Schedule>
  /// Under the automatic schedule W, N and G are the most there may be.
  let window: Nullable<Int>
  let ngram: Nullable<Int>
  let candidates: Nullable<Int>
  let passes: Int
  /// Rows evaluated in all passes; of the one that read the prompt those from its last token on.
  let rows: Int
  let tokensPerPass: Double
  /// Element n: how many passes settled n tokens.
  let passesByTokens: [Int]
  /// How many tokens had been guessed, by where the guess was seen.
  let guessedTokens: [String: Int]
  let seconds: Seconds
  /// After the first token.
  let tokensPerSecond: Double
  let timeToFirstToken: Double
  let threads: Int
  let matmul: String
  let instructionSet: String
  let sampling: SamplingReport
  /// Of the float32 little-endian rows of logits behind the output, in order.
  let logitsSha256: String
  /// With `--compare`.
  var compare: Comparison?
  /// In a conversation: which answer this is, from 1.
  var turn: Int?
  /// In a conversation: tokens of the prompt that were in the cache already.
  var reusedTokens: Int?

  init(_ run: GenerationRun, prompt: [TokenID], stop: StopRules, setup: Setup) {
    model = setup.model
    promptIds = prompt
    outputIds = run.result.tokens
    text = Nullable(
      value: setup.tokenizer.map {
        OutputText.text(of: run.result.tokens, $0, stopStrings: stop.stopStrings)
      })
    finishReason = run.result.finishReason
    decoding = setup.decoding
    schedule = Nullable(value: setup.configuration?.schedule)
    window = Nullable(value: setup.configuration?.windowSize)
    ngram = Nullable(value: setup.configuration?.ngramSize)
    candidates = Nullable(value: setup.configuration?.candidatesPerToken)
    passes = run.result.passes
    rows = run.result.rows
    tokensPerPass = run.result.tokensPerPass
    passesByTokens = run.result.statistics.passesByTokens
    let accepted = run.result.statistics.acceptedDrafts
    guessedTokens = Dictionary(
      uniqueKeysWithValues: Set(DraftOrigin.builtIn).union(accepted.keys).map {
        ($0.name, accepted[$0] ?? 0)
      })
    seconds = Seconds(
      load: setup.loadSeconds, prefill: run.result.prefillSeconds, decode: run.result.decodeSeconds)
    tokensPerSecond = run.result.tokensPerSecond
    timeToFirstToken = run.result.prefillSeconds
    threads = setup.executor.threadCount
    matmul = setup.matmul.rawValue
    sampling = SamplingReport(setup.sampling)
    instructionSet = setup.executor.instructionSet.rawValue
    logitsSha256 = run.digest.hexDigest
  }
}

/// What `--json` says of a model.
struct ModelReport: Encodable {
  let path: String
  /// `OpenedModel.sha256()`.
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
