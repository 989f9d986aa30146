/// Which rows of two tensors of one name belong together.
struct RowPairing {
  /// A row of the pass, and its places in both tensors.
  let pairs: [(row: Int, a: Int, b: Int)]

  /// Pairs rows of the pass that both tensors have; where one side does not say which rows its
  /// tensor has, tensors of as many rows are paired one by one.
  /// - Throws: `RecordingError.differentCounts`.
  init(
    _ tensorA: RecordedTensor, of passA: RecordedPass, _ tensorB: RecordedTensor,
    of passB: RecordedPass
  ) throws(RecordingError) {
    let unpaired = RecordingError.differentCounts(
      of: "rows", tensor: tensorA.name, pass: passA.index, a: tensorA.rowCount, b: tensorB.rowCount)
    let (rowsA, rowsB) = (passA.rows(of: tensorA), passB.rows(of: tensorB))
    if let rowsA, let rowsB {
      var places: [Int: Int] = [:]
      for (index, row) in rowsB.enumerated() where places[row] == nil { places[row] = index }
      pairs = rowsA.enumerated().compactMap { index, row in
        places[row].map { (row, index, $0) }
      }
      if !pairs.isEmpty || tensorA.rowCount == 0 || tensorB.rowCount == 0 { return }
      throw unpaired
    }
    let rows = rowsA ?? rowsB
    if tensorA.rowCount == tensorB.rowCount {
      pairs = (0..<tensorA.rowCount).map { (rows?[$0] ?? $0, $0, $0) }
    } else if let rowsA, tensorB.rowCount == passA.facts.rows?.count {
      // B has all rows of the pass, A some of them.
      pairs = rowsA.enumerated().map { ($0.element, $0.offset, $0.element) }
    } else if let rowsB, tensorA.rowCount == passB.facts.rows?.count {
      pairs = rowsB.enumerated().map { ($0.element, $0.element, $0.offset) }
    } else {
      throw unpaired
    }
  }
}
