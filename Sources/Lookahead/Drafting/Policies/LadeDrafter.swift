import Llama

/// Drafts as lade does (hao-ai-lab/LookaheadDecoding @eed010d), its defects included, so that its
/// runs can be reproduced pass by pass: `LookaheadConfiguration.Policy.lade`.
///
/// All n-grams of the pool that begin with the current token, oldest first, each with rows of its own,
/// once the window is warm.
struct LadeDrafter: Drafter {
  private let configuration: LookaheadConfiguration
  private var drafter: PaperDrafter
  /// lade's own copy of the text, which repeats the last token of a pass instead of its tokens.
  private var history: [TokenID] = []
  private var isWarmingUp = false

  init(_ configuration: LookaheadConfiguration) {
    self.configuration = configuration
    drafter = PaperDrafter(configuration)
  }

  var pool: NGramPool { drafter.pool }

  mutating func begin(prompt: [TokenID]) {
    let size = configuration.ngramSize
    drafter.begin(prompt: prompt)
    history = prompt
    isWarmingUp = false
    guard configuration.poolSources.contains(.prompt), prompt.count >= size else { return }
    drafter.insert(
      (0...prompt.count - size).map { start in
        DraftAddition(ngram: Array(prompt[start..<start + size]), origin: .prompt)
      })
  }

  func propose(after text: [TokenID], within budget: DraftBudget) -> CandidateTree {
    isWarmingUp ? CandidateTree() : drafter.propose(after: text, within: budget)
  }

  var entryCount: Int? { drafter.entryCount }

  func additions(from pass: DraftedPass) -> [DraftAddition] {
    var additions = drafter.additions(from: pass)
    guard configuration.poolSources.contains(.output) else { return additions }
    let repeated = Array(repeating: pass.text.suffix(1), count: pass.acceptedCount).joined()
    let history = self.history.suffix(configuration.ngramSize - 1) + repeated
    for end in history.indices.suffix(pass.acceptedCount)
    where end - history.startIndex >= configuration.ngramSize - 1 {
      let ngram = history[(end - configuration.ngramSize + 1)...end]
      additions.append(DraftAddition(ngram: Array(ngram), origin: .output))
    }
    return additions
  }

  mutating func learn(from pass: DraftedPass) {
    drafter.judge(pass)
    drafter.insert(additions(from: pass))
    for _ in 0..<pass.acceptedCount { history += pass.text.suffix(1) }
    isWarmingUp = pass.isWarmingUp
  }
}
