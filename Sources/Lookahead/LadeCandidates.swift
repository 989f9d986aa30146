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

  mutating func learn(_ outcome: PassOutcome) {
    for ngram in outcome.ngrams { pool.insert(ngram) }
    for _ in 0..<outcome.settledCount {
      history += outcome.text.suffix(1)
      if configuration.poolSources.contains(.output) {
        pool.insertNGrams(of: history, endingFrom: history.count - 1)
      }
    }
  }
}
