import Llama

struct Proposal: Equatable {
  let token: TokenID
  let origin: DraftOrigin
  /// Length of the context that it was found after.
  let matchLength: Int
  /// Its place among the proposals for the same position: longer matches first, then the most recent.
  let rank: Int
  /// The estimated probability that it is accepted.
  var probability: Double
}

extension [Proposal] {
  /// The likeliest first, of equals the first in rank.
  func likeliestFirst() -> [Proposal] {
    sorted { ($1.probability, $0.rank) < ($0.probability, $1.rank) }
  }

  /// The likeliest first. Only one of them can be right, so probabilities that together exceed 1 are
  /// scaled down.
  func scaledToOne() -> [Proposal] {
    let scale = 1 / Swift.max(1, reduce(0) { $0 + $1.probability })
    var scaled = self
    for index in scaled.indices { scaled[index].probability *= scale }
    return scaled.likeliestFirst()
  }
}

extension CandidateTree {
  /// Grows a tree by the node with the largest path probability each time, so the first `k` nodes are
  /// the likeliest `k` within the budget.
  /// - Parameter proposals: for a path, which begins after the current token, the drafts that may
  ///   follow it, the likeliest first.
  init(within budget: DraftBudget, proposals: (_ path: [TokenID]) -> [Proposal]) {
    /// Where a node may be added: after the current token or after a node.
    struct Place {
      let parent: Int?
      let path: [TokenID]
      var proposals: ArraySlice<Proposal>
      var hasChild = false
    }
    func place(_ parent: Int?, _ path: [TokenID]) -> Place {
      Place(
        parent: parent, path: path,
        proposals: path.count < budget.length ? proposals(path)[...] : [])
    }
    self.init()
    var places = [place(nil, [])]
    var candidateCount = 0
    while nodes.count < budget.nodes {
      var best: (place: Int, pathProbability: Double)?
      for (index, place) in places.enumerated() {
        guard let proposal = place.proposals.first else { continue }
        // The first child of a node extends its candidate; any other node begins a new one.
        let isNew = place.hasChild || place.parent == nil
        if isNew, candidateCount >= budget.candidates { continue }
        let reached = place.parent.map { nodes[$0].pathProbability } ?? 1
        let pathProbability = reached * proposal.probability
        if pathProbability > best?.pathProbability ?? -1 { best = (index, pathProbability) }
      }
      guard let best, let proposal = places[best.place].proposals.popFirst() else { return }
      let parent = places[best.place].parent
      if places[best.place].hasChild || parent == nil { candidateCount += 1 }
      places[best.place].hasChild = true
      let node = append(
        proposal.token, to: parent, origin: proposal.origin, probability: proposal.probability)
      places.append(place(node, places[best.place].path + [proposal.token]))
    }
  }

  /// The likeliest nodes of this tree within a budget, the likeliest first.
  func likeliest(within budget: DraftBudget) -> CandidateTree {
    var proposals: [[TokenID]: [Proposal]] = [:]
    for (index, node) in nodes.enumerated() {
      let path = self.path(to: index).dropLast().map { nodes[$0].token }
      proposals[path, default: []].append(
        Proposal(
          token: node.token, origin: node.origin, matchLength: 0, rank: 0,
          probability: node.probability))
    }
    let sorted = proposals.mapValues { $0.likeliestFirst() }
    return CandidateTree(within: budget, proposals: { sorted[$0] ?? [] })
  }
}
