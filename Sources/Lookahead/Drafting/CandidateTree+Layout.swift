import Llama

extension CandidateTree {
  /// The same candidates without shared rows.
  var separated: CandidateTree {
    var tree = CandidateTree()
    for leaf in leaves {
      var parent: Int?
      for node in path(to: leaf).map({ nodes[$0] }) {
        parent = tree.append(
          node.token, to: parent, origin: node.origin, probability: node.probability)
      }
    }
    return tree
  }

  /// The candidates in a layout.
  func laidOut(_ layout: LookaheadConfiguration.CandidateLayout) -> CandidateTree {
    switch layout {
    case .tree: self
    case .separate: separated
    }
  }

  /// Element k: the rows that the first k nodes have in a layout. Without shared rows a node that
  /// begins another candidate brings a row for each node of its path.
  func rowCounts(_ layout: LookaheadConfiguration.CandidateLayout) -> [Int] {
    var rows = [0]
    var parents: Set<Int?> = [nil]
    for node in nodes {
      let isShared = layout == .tree || parents.insert(node.parent).inserted
      rows.append(rows[rows.count - 1] + (isShared ? 1 : node.depth + 1))
    }
    return rows
  }

  /// The first nodes that keep to a budget; what holds no token of the vocabulary is left out, with
  /// all that follows it.
  func limited(to budget: DraftBudget, vocabularySize: Int = .max) -> CandidateTree {
    var tree = CandidateTree()
    var places: [Int?] = []
    var candidateCount = 0
    var parents: Set<Int?> = [nil]
    for node in nodes {
      if tree.nodes.count >= budget.nodes { break }
      let parent = node.parent.map { places[$0] }
      // A node behind one that has none yet makes a candidate longer; any other begins a new one.
      let isNew = parents.contains(parent ?? nil)
      if parent == .some(nil) || node.depth >= budget.length
        || !(0..<vocabularySize).contains(node.token)
        || isNew && candidateCount >= budget.candidates
      {
        places.append(nil)
        continue
      }
      if isNew { candidateCount += 1 }
      parents.insert(parent ?? nil)
      places.append(
        tree.append(
          node.token, to: parent ?? nil, origin: node.origin, probability: node.probability))
    }
    return tree
  }
}
