import Llama

/// Candidates as a tree: continuations that begin alike share their beginning, and so their rows.
///
/// A node is a token; the path from the root to it is what it would be if the candidate were the
/// text. The root is the current token, which is no node. Every node comes after its parent.
public struct CandidateTree: Equatable, Sendable {
  /// One token that may be settled.
  public struct Node: Equatable, Sendable {
    /// The token.
    public let token: TokenID
    /// The index of the node before it; none where that is the current token.
    public let parent: Int?
    /// Nodes on the path before this one.
    public let depth: Int
    /// Where the token was seen.
    public let source: CandidateSource
    /// The estimated probability, 0 to 1, that it is settled if its parent is.
    public let probability: Double
    /// The estimated probability that it is settled: the product along its path.
    public let pathProbability: Double
  }

  /// How far a tree may grow.
  public struct Limits: Equatable, Sendable {
    /// Nodes.
    public var rows: Int
    /// Candidates, each a path to a node without a child.
    public var candidates: Int
    /// Tokens of a candidate.
    public var length: Int

    /// Limits; none for what is not given.
    public init(rows: Int = .max, candidates: Int = .max, length: Int = .max) {
      self.rows = rows
      self.candidates = candidates
      self.length = length
    }
  }

  /// The nodes. In a tree that was grown the likeliest come first.
  public private(set) var nodes: [Node] = []

  /// No candidates.
  public init() {}

  /// Candidates one by one, with rows of their own even where they begin alike, as lade has them.
  ///
  /// No probability is estimated: each is 1.
  public init(separately candidates: [[TokenID]], source: CandidateSource) {
    for candidate in candidates {
      var parent: Int?
      for token in candidate {
        parent = append(token, to: parent, source: source, probability: 1)
      }
    }
  }

  /// Candidates that share the rows of what they begin with; no probability is estimated.
  init(sharing candidates: [[TokenID]]) {
    for candidate in candidates {
      var parent: Int?
      for token in candidate {
        parent =
          children(of: [parent], holding: token).first
          ?? append(token, to: parent, source: .window, probability: 1)
      }
    }
  }

  /// Grows a tree node by node, the one that is likeliest to be settled next: so the first `k` nodes
  /// are the best `k` within the limits.
  /// - Parameters:
  ///   - context: the end of the text, the current token being the last.
  ///   - proposals: what may follow a text, the likeliest first.
  init(
    within limits: Limits, after context: [TokenID],
    proposals: (_ context: [TokenID]) -> [Proposal]
  ) {
    /// A place where a node may be added: behind the current token or a node.
    struct Place {
      let parent: Int?
      let context: [TokenID]
      var proposals: ArraySlice<Proposal>
      var hasChild = false
    }
    func place(_ parent: Int?, _ context: [TokenID], depth: Int) -> Place {
      Place(
        parent: parent, context: context,
        proposals: depth < limits.length ? proposals(context)[...] : [])
    }
    var places = [place(nil, context, depth: 0)]
    var candidateCount = 0
    while nodes.count < limits.rows {
      var best: (place: Int, pathProbability: Double)?
      for (index, place) in places.enumerated() {
        guard let proposal = place.proposals.first else { continue }
        // A node behind one that has none yet makes a candidate longer; any other is a new candidate.
        let isNew = place.hasChild || place.parent == nil
        if isNew, candidateCount >= limits.candidates { continue }
        let reached = place.parent.map { nodes[$0].pathProbability } ?? 1
        let pathProbability = reached * proposal.probability
        if pathProbability > best?.pathProbability ?? -1 { best = (index, pathProbability) }
      }
      guard let best, let proposal = places[best.place].proposals.popFirst() else { return }
      let parent = places[best.place].parent
      if places[best.place].hasChild || parent == nil { candidateCount += 1 }
      places[best.place].hasChild = true
      let node = append(
        proposal.token, to: parent, source: proposal.source, probability: proposal.probability)
      places.append(
        place(node, places[best.place].context + [proposal.token], depth: nodes[node].depth + 1))
    }
  }

  /// The best `rows` nodes of a tree that was grown; they are a tree themselves.
  public func best(rows: Int) -> CandidateTree {
    var tree = CandidateTree()
    tree.nodes = Array(nodes.prefix(max(0, rows)))
    return tree
  }

  /// Tokens that a pass with this tree settles in the mean, if the estimates are right: 1 and the
  /// sum of all path probabilities.
  public var expectedTokens: Double { nodes.reduce(1) { $0 + $1.pathProbability } }

  /// Element k: the rows that the best k nodes have in a layout. Without shared rows a node that begins
  /// another candidate brings a row for each node of its path.
  func rowCounts(_ layout: LookaheadConfiguration.CandidateLayout) -> [Int] {
    var rows = [0]
    var parents: Set<Int?> = [nil]
    for node in nodes {
      let isShared = layout == .tree || parents.insert(node.parent).inserted
      rows.append(rows[rows.count - 1] + (isShared ? 1 : node.depth + 1))
    }
    return rows
  }

  /// The candidates: for each node without a child the tokens up to it.
  public var candidates: [[TokenID]] {
    let parents = Set(nodes.compactMap(\.parent))
    return nodes.indices.filter { !parents.contains($0) }.map { leaf in
      path(to: leaf).map { nodes[$0].token }
    }
  }

  /// The same candidates without shared rows.
  var separated: CandidateTree {
    let parents = Set(nodes.compactMap(\.parent))
    var tree = CandidateTree()
    for leaf in nodes.indices where !parents.contains(leaf) {
      var parent: Int?
      for node in path(to: leaf).map({ nodes[$0] }) {
        parent = tree.append(
          node.token, to: parent, source: node.source, probability: node.probability)
      }
    }
    return tree
  }

  /// The nodes behind any of `parents` that hold `token`; `[nil]` means behind the current token.
  func children(of parents: [Int?], holding token: TokenID) -> [Int] {
    nodes.indices.filter { nodes[$0].token == token && parents.contains(nodes[$0].parent) }
  }

  /// For each node the numbers of the branches that lead to it: 0 for the first child of the current
  /// token or of a node, 1 for its second, and so on.
  var branches: [[Int]] {
    var children: [Int?: Int] = [:]
    var branches: [[Int]] = []
    for node in nodes {
      let branch = children[node.parent, default: 0]
      children[node.parent] = branch + 1
      branches.append((node.parent.map { branches[$0] } ?? []) + [branch])
    }
    return branches
  }

  /// The nodes from the first to this one.
  func path(to node: Int) -> [Int] {
    var path = [node]
    while let parent = nodes[path[path.count - 1]].parent { path.append(parent) }
    return path.reversed()
  }

  private mutating func append(
    _ token: TokenID, to parent: Int?, source: CandidateSource, probability: Double
  ) -> Int {
    nodes.append(
      Node(
        token: token, parent: parent, depth: parent.map { nodes[$0].depth + 1 } ?? 0,
        source: source, probability: probability,
        pathProbability: (parent.map { nodes[$0].pathProbability } ?? 1) * probability))
    return nodes.count - 1
  }
}
