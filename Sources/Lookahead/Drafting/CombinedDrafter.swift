import Llama

/// Several drafters as one: the likeliest nodes of their merged trees.
///
/// A node that several drafters propose has the largest of their probabilities and its origin.
public struct CombinedDrafter: Drafter {
  private var drafters: [any Drafter]

  public init(_ drafters: [any Drafter]) { self.drafters = drafters }

  public mutating func begin(prompt: [TokenID]) throws {
    for index in drafters.indices { try drafters[index].begin(prompt: prompt) }
  }

  public mutating func propose(
    after text: [TokenID], within budget: DraftBudget
  ) throws -> CandidateTree {
    var merged = CandidateTree()
    for index in drafters.indices {
      merged.merge(try drafters[index].propose(after: text, within: budget).limited(to: budget))
    }
    return merged.likeliest(within: budget)
  }

  public mutating func learn(from pass: DraftedPass) throws {
    for index in drafters.indices { try drafters[index].learn(from: pass) }
  }

  public func additions(from pass: DraftedPass) -> [DraftAddition] {
    drafters.flatMap { $0.additions(from: pass) }
  }

  /// The sum over the drafters that count their entries.
  public var entryCount: Int? {
    let counts = drafters.compactMap(\.entryCount)
    return counts.isEmpty ? nil : counts.reduce(0, +)
  }

  /// That of the first drafter that has one.
  public var memory: DraftMemory? { drafters.lazy.compactMap(\.memory).first }
}
