import Llama

/// What a pass has shown.
struct PassOutcome {
  /// The text with the tokens that the pass settled.
  let text: [TokenID]
  /// How many those are.
  let settledCount: Int
  /// The n-grams that the window completed, each with its first token.
  let ngrams: [[TokenID]]
  /// Other texts that rows of the pass read, from the current token on, each with the model's answer
  /// as its last token.
  let answers: [[TokenID]]
}

/// Where candidates come from, and what it learns from.
protocol CandidateSupply: Sendable {
  /// Tokens that a pass may settle.
  var tokensPerPass: Int { get }
  /// Whether nothing is tried before the window is warm.
  var waitsForWindow: Bool { get }

  /// Forgets everything and takes in a prompt.
  mutating func begin(prompt: [TokenID])

  /// What may follow a text.
  func candidates(after text: [TokenID], within limits: CandidateTree.Limits) -> CandidateTree

  /// Entries that it knows.
  var count: Int { get }

  /// What `learn` files of a pass, in order.
  func additions(from outcome: PassOutcome) -> [PoolAddition]

  /// Takes in a pass.
  mutating func learn(_ outcome: PassOutcome)
}
