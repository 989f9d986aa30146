extension CandidateTree {
  /// The same candidates without shared rows.
  var separated: CandidateTree {
    var tree = CandidateTree()
    for leaf in leaves {
      var parent: Int?
      for node in path(to: leaf) { parent = tree.append(nodes[node], to: parent) }
    }
    return tree
  }

  func laidOut(_ layout: LookaheadConfiguration.CandidateLayout) -> CandidateTree {
    layout == .tree ? self : separated
  }

  /// Element k: the number of rows of the first k nodes in a layout. Without shared rows a node that
  /// begins a new candidate adds a row for each node of its path.
  func rowCounts(_ layout: LookaheadConfiguration.CandidateLayout) -> [Int] {
    var rows = [0]
    var parents: Set<Int?> = [nil]
    for node in nodes {
      let isShared = layout == .tree || parents.insert(node.parent).inserted
      rows.append(rows[rows.count - 1] + (isShared ? 1 : node.depth + 1))
    }
    return rows
  }

  /// The first nodes within a budget, without tokens outside of the vocabulary and their descendants.
  func limited(to budget: DraftBudget, vocabularySize: Int = .max) -> CandidateTree {
    var tree = CandidateTree()
    var places: [Int?] = []
    var candidateCount = 0
    var parents: Set<Int?> = [nil]
    for node in nodes {
      if tree.nodes.count >= budget.nodes { break }
      let parent = node.parent.map { places[$0] }
      // The first child of a node extends its candidate; any other node begins a new one.
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
      places.append(tree.append(node, to: parent ?? nil))
    }
    return tree
  }
}
