/// Which passes of two recordings belong together.
///
/// Passes are paired by their number. Where one side has no passes of its own, but an array or an
/// answer with a row for each token, and the other is a trace of many passes, the rows are paired
/// with those that the trace's tokens were chosen from.
struct PassPairing {
  let pairs: [(a: RecordedPass, b: RecordedPass)]
  /// Passes that only one side has.
  let unpaired: Int

  /// - Throws: as `RecordedPass.tensors` does; `RecordingError`.
  init(_ a: Recording, _ b: Recording) throws {
    var (passesA, passesB) = (a.passes, b.passes)
    if Self.listsTokens(b, beside: a) { passesA = [try Self.chosenRows(a, count: b.tokens?.count)] }
    if Self.listsTokens(a, beside: b) { passesB = [try Self.chosenRows(b, count: a.tokens?.count)] }
    pairs = Array(zip(passesA, passesB))
    unpaired = max(passesA.count, passesB.count) - pairs.count
  }

  /// Whether a recording has one row for each token that a trace accepted.
  private static func listsTokens(_ one: Recording, beside trace: Recording) -> Bool {
    guard trace.kind == .trace,
      trace.passes.contains(where: { $0.facts.selected?.isEmpty == false })
    else { return false }
    switch one.kind {
    case .completion: return true
    case .numPy, .safetensors: return trace.passes.count > 1
    case .trace, .llamaCpp: return false
    }
  }

  /// One pass with the rows of logits that a trace's tokens were chosen from.
  /// - Parameter count: the number of rows; nil for all.
  private static func chosenRows(_ trace: Recording, count: Int?) throws -> RecordedPass {
    var chosen: SelectedRows?
    var facts: [TraceRow] = []
    var number = StoredNumber.f64
    for pass in trace.passes {
      guard let selected = pass.facts.selected, !selected.isEmpty,
        let logits = try pass.tensors().first(where: { $0.kind == .logits })
      else { continue }
      try logits.checkElements()
      let columnCount = logits.columnCount ?? 0
      var rows = chosen ?? SelectedRows(columnCount: columnCount)
      if rows.columnCount != columnCount {
        throw RecordingError.differentCounts(
          of: "values in a row", tensor: logits.name, pass: pass.index, a: rows.columnCount,
          b: columnCount)
      }
      let places = pass.rows(of: logits).map { rows in
        Dictionary(zip(rows, rows.indices), uniquingKeysWith: { first, _ in first })
      }
      for answer in selected {
        let index = places.map { $0[answer.row] } ?? answer.row
        if let index, rows.append(index, of: logits) {
          facts.append(TraceRow(token: answer.token))
        }
      }
      try RecordingLimit.rows.check(rows.count, "accepted tokens", path: trace.path)
      (chosen, number) = (rows, logits.number)
    }
    let rows = chosen ?? SelectedRows(columnCount: 0)
    let kept = count.map { min($0, rows.count) } ?? rows.count
    let tensor = RecordedTensor(
      name: TensorName.logits.spelling, rowCount: kept, columnCount: chosen?.columnCount,
      number: number, storage: .selected(rows))
    var pass = RecordedPass(index: 0, content: .tensors([tensor]))
    pass.facts.rows = Array(facts.prefix(kept))
    pass.facts.logitRows = Array(0..<kept)
    return pass
  }

  /// The highest block of which both sides of the first pass have hidden states.
  /// - Throws: as a pass does whose tensors are read.
  func deepestBlock() throws -> Int? {
    guard let (a, b) = pairs.first else { return nil }
    let namesInB = Set(try b.tensors().map(\.name))
    let layers = try a.tensors().compactMap { tensor -> Int? in
      guard case .hidden(let layer)? = tensor.kind, namesInB.contains(tensor.name) else {
        return nil
      }
      return layer
    }
    return layers.max()
  }
}
