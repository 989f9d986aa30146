import Llama

/// Candidates as lade has them (hao-ai-lab/LookaheadDecoding @eed010d), its mistakes included, so
/// that its runs can be followed pass by pass: `LookaheadConfiguration.Policy.lade`.
///
/// All n-grams of the pool that begin with the current token, the oldest first, each with rows of
/// its own. A pass settles N - 1 tokens at the most: a candidate that is right to its end is credited
/// with one token less (decoding.py, `for gg in range`).
struct LadeCandidates: CandidateSupply {
  private let configuration: LookaheadConfiguration
  private(set) var pool: NGramPool
  /// lade's own record of the text: of a pass of several tokens the last one several times.
  private var history: [TokenID] = []
  let waitsForWindow = true

  init(_ configuration: LookaheadConfiguration) {
    self.configuration = configuration
    pool = NGramPool(configuration)
  }

  var tokensPerPass: Int { configuration.ngramSize - 1 }

  mutating func begin(prompt: [TokenID]) {
    pool = NGramPool(configuration)
    history = prompt
    if configuration.poolSources.contains(.prompt) {
      pool.insertNGrams(of: prompt, endingFrom: 0)
    }
  }

  func candidates(after text: [TokenID], within limits: CandidateTree.Limits) -> CandidateTree {
    guard let current = text.last else { return CandidateTree() }
    return CandidateTree(
      separately: pool.candidates(after: current).map { Array($0.prefix(limits.length)) },
      source: .window)
  }

  /// N-grams.
  var count: Int { pool.count }

  func additions(from outcome: PassOutcome) -> [PoolAddition] {
    var additions = outcome.ngrams.map { PoolAddition(ngram: $0, source: .window) }
    guard configuration.poolSources.contains(.output) else { return additions }
    let repeated = Array(repeating: outcome.text.suffix(1), count: outcome.settledCount).joined()
    let history = self.history.suffix(configuration.ngramSize - 1) + repeated
    for end in history.indices.suffix(outcome.settledCount)
    where end - history.startIndex >= configuration.ngramSize - 1 {
      let ngram = history[(end - configuration.ngramSize + 1)...end]
      additions.append(PoolAddition(ngram: Array(ngram), source: .output))
    }
    return additions
  }

  mutating func learn(_ outcome: PassOutcome) {
    for addition in additions(from: outcome) { pool.insert(addition.after + addition.tokens) }
    for _ in 0..<outcome.settledCount { history += outcome.text.suffix(1) }
  }
}

extension PoolAddition {
  /// An n-gram, filed under its first token.
  fileprivate init(ngram: [TokenID], source: CandidateSource) {
    self.init(after: Array(ngram.prefix(1)), tokens: Array(ngram.dropFirst()), source: source)
  }
}
