import Llama

/// Candidates as a tree: continuations with a common prefix share its rows.
///
/// A node is a token; the path from the root to it is the continuation that it ends. The root is the
/// current token, which is no node. Every node comes after its parent. Source: arXiv:2305.09781,
/// section 4.2.
public struct CandidateTree: Equatable, Sendable {
  /// One drafted token.
  public struct Node: Equatable, Sendable {
    public let token: TokenID
    /// The index of the node before it; nil where that is the current token.
    public let parent: Int?
    /// Nodes on the path before this one.
    public let depth: Int
    /// Where the token was drafted.
    public fileprivate(set) var origin: DraftOrigin
    /// The estimated probability, 0 to 1, that it is accepted if its parent is.
    public fileprivate(set) var probability: Double
    /// The estimated probability that it is accepted: the product along its path.
    public fileprivate(set) var pathProbability: Double
  }

  public private(set) var nodes: [Node] = []

  public init() {}

  /// - Parameters:
  ///   - parent: the node before it; nil for the current token.
  ///   - probability: that the token is accepted if its parent is; what is not in 0...1 is clamped.
  /// - Returns: its index.
  /// - Precondition: `parent` is the index of a node.
  @discardableResult
  public mutating func append(
    _ token: TokenID, to parent: Int?, origin: DraftOrigin, probability: Double
  ) -> Int {
    let probability = probability > 0 ? min(probability, 1) : 0  // NaN counts as 0.
    nodes.append(
      Node(
        token: token, parent: parent, depth: parent.map { nodes[$0].depth + 1 } ?? 0,
        origin: origin, probability: probability,
        pathProbability: (parent.map { nodes[$0].pathProbability } ?? 1) * probability))
    return nodes.count - 1
  }

  /// Appends a copy of another tree's node.
  mutating func append(_ node: Node, to parent: Int?) -> Int {
    append(node.token, to: parent, origin: node.origin, probability: node.probability)
  }

  /// Adds a candidate; nodes that the tree has already are shared.
  /// - Parameter probability: of each new node, given its parent.
  public mutating func insert(
    _ candidate: some Sequence<TokenID>, origin: DraftOrigin, probability: Double
  ) {
    var parent: Int?
    for token in candidate {
      parent =
        children(of: [parent], holding: token).first
        ?? append(token, to: parent, origin: origin, probability: probability)
    }
  }

  /// The first `count` nodes; they are a tree themselves.
  public func first(_ count: Int) -> CandidateTree {
    var tree = CandidateTree()
    tree.nodes = Array(nodes.prefix(max(0, count)))
    return tree
  }

  /// The expected number of tokens that a pass with this tree accepts: 1 plus the sum of the path
  /// probabilities over all distinct paths.
  public var expectedTokens: Double {
    1 + firstOfEachPath.reduce(0) { $0 + nodes[$1].pathProbability }
  }

  /// The expected number of accepted nodes by origin.
  var expectedByOrigin: [DraftOrigin: Double] {
    firstOfEachPath.reduce(into: [:]) {
      $0[nodes[$1].origin, default: 0] += nodes[$1].pathProbability
    }
  }

  /// The nodes whose path no node before has.
  private var firstOfEachPath: [Int] {
    struct Step: Hashable {
      let parent: Int?
      let token: TokenID
    }
    var first: [Step: Int] = [:]
    var representatives: [Int] = []
    for (index, node) in nodes.enumerated() {
      let step = Step(parent: node.parent.map { representatives[$0] }, token: node.token)
      let representative = first[step] ?? index
      first[step] = representative
      representatives.append(representative)
    }
    return representatives.indices.filter { representatives[$0] == $0 }
  }

  /// The candidates: for each node without a child the tokens up to it.
  public var candidates: [[TokenID]] { leaves.map { path(to: $0).map { nodes[$0].token } } }

  /// The nodes without a child.
  public var leaves: [Int] {
    let parents = Set(nodes.compactMap(\.parent))
    return nodes.indices.filter { !parents.contains($0) }
  }

  /// The nodes from the first of its path to this one.
  public func path(to node: Int) -> [Int] {
    var path = [node]
    while let parent = nodes[path[path.count - 1]].parent { path.append(parent) }
    return path.reversed()
  }

  /// The children of any of `parents` with this token; a parent of nil is the current token.
  func children(of parents: [Int?], holding token: TokenID) -> [Int] {
    nodes.indices.filter { nodes[$0].token == token && parents.contains(nodes[$0].parent) }
  }

  /// For each node the numbers of the branches on its path: 0 for the first child of the current token
  /// or of a node, 1 for its second, and so on.
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

  /// Merges another tree. A node that both have gets the larger probability and its origin.
  mutating func merge(_ other: CandidateTree) {
    var places: [Int] = []
    for node in other.nodes {
      let parent = node.parent.map { places[$0] }
      guard let known = children(of: [parent], holding: node.token).first else {
        places.append(append(node, to: parent))
        continue
      }
      if node.probability > nodes[known].probability {
        nodes[known].probability = node.probability
        nodes[known].origin = node.origin
      }
      places.append(known)
    }
    for index in nodes.indices {
      let reached = nodes[index].parent.map { nodes[$0].pathProbability } ?? 1
      nodes[index].pathProbability = reached * nodes[index].probability
    }
  }
}
