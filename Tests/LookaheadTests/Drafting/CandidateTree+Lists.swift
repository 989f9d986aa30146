import Llama

@testable import Lookahead

extension CandidateTree {
  /// Candidates that share the rows of common prefixes.
  static func sharing(_ candidates: [[TokenID]]) -> CandidateTree {
    var tree = CandidateTree()
    for candidate in candidates { tree.insert(candidate, origin: .window, probability: 1) }
    return tree
  }

  /// Candidates with rows of their own.
  static func separate(_ candidates: [[TokenID]]) -> CandidateTree {
    var tree = CandidateTree()
    for candidate in candidates {
      var parent: Int?
      for token in candidate {
        parent = tree.append(token, to: parent, origin: .window, probability: 1)
      }
    }
    return tree
  }
}
