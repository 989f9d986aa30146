/// Compares two recordings pass by pass, tensor by tensor, row by row. Of what it reads it keeps
/// sums, and of the tensor at hand some numbers for each row; `RecordingLimit` bounds both, so
/// memory does not grow with the recordings beyond that.
public struct RecordingComparer {
  private let a: Recording
  private let b: Recording
  /// A float32 run of the same passes as A, a reference in Double, whose errors say what rounding
  /// does.
  private let float32: Recording?
  private let settings: ComparisonSettings
  private let rounding: RoundingModel
  private let pairing: PassPairing
  private let known: KnownArithmetic

  private var discrete: DiscreteComparison
  private var figures: [String: TensorFigures] = [:]
  private var judge: RoundingJudge
  private var firstBeyond: DifferenceLocation?
  private var incomparablePasses = 0
  private var namesInA: Set<String> = []
  private var namesInB: Set<String> = []

  /// Compares B with A, which is trusted.
  ///
  /// - Parameter float32: a float32 run of the same passes, where A is a reference in Double; its
  ///   distance from A then takes the place of the law of `RoundingModel`.
  /// - Throws: as `RecordedPass.tensors` does; `RecordingError` if the two cannot be compared.
  public static func compare(
    _ a: Recording, _ b: Recording, float32: Recording? = nil,
    settings: ComparisonSettings = ComparisonSettings()
  ) throws -> RecordingComparison {
    var comparer = try RecordingComparer(a, b, float32, settings)
    for (passA, passB) in comparer.pairing.pairs { try comparer.add(passA, passB) }
    return try comparer.result()
  }

  private init(
    _ a: Recording, _ b: Recording, _ float32: Recording?, _ settings: ComparisonSettings
  ) throws {
    (self.a, self.b, self.float32, self.settings) = (a, b, float32, settings)
    discrete = DiscreteComparison(a, b)
    pairing = try PassPairing(a, b)
    let layers = try a.layerCount ?? b.layerCount ?? pairing.deepestBlock()
    rounding = RoundingModel(layerCount: layers ?? RoundingModel.assumedLayerCount)
    known = KnownArithmetic(a, b)
    judge = RoundingJudge(rounding, known)
  }

  private mutating func add(_ passA: RecordedPass, _ passB: RecordedPass) throws {
    discrete.add(passA, passB)
    // Passes over other rows have other numbers; nothing could be told from them.
    if a.kind == .trace, b.kind == .trace, !discrete.hasSameInputs {
      incomparablePasses += 1
      return
    }
    let tensorsA = Self.byName(try passA.tensors())
    let tensorsB = Self.byName(try passB.tensors())
    let measured = try measuredTensors(passA.index)
    namesInA.formUnion(tensorsA.keys)
    namesInB.formUnion(tensorsB.keys)
    for (names, path) in [(namesInA, a.path), (namesInB, b.path)] {
      try RecordingLimit.tensors.check(names.count, "names of tensors", path: path)
    }
    for name in Self.inOrder(tensorsA.keys) where settings.includes(name) {
      guard let tensorA = tensorsA[name], let tensorB = tensorsB[name] else { continue }
      try add(
        tensorA, of: passA, tensorB, of: passB,
        measured: measured.flatMap { pass, tensors in tensors[name].map { (pass, $0) } })
      for tensor in [tensorA, tensorB, measured?.1[name]] { try tensor?.checkUnchanged() }
    }
    judge.endPass()
  }

  private func measuredTensors(
    _ index: Int
  ) throws -> (RecordedPass, [String: RecordedTensor])? {
    guard let float32, float32.passes.indices.contains(index) else { return nil }
    let pass = float32.passes[index]
    return (pass, Self.byName(try pass.tensors()))
  }

  private static func byName(_ tensors: [RecordedTensor]) -> [String: RecordedTensor] {
    Dictionary(tensors.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// In the order in which a pass computes them; names that are not of the trace format come last.
  private static func inOrder(_ names: some Collection<String>) -> [String] {
    func rank(_ name: String) -> (Int, Int, String) {
      switch TensorName(name) {
      case .hidden(let layer): (layer, 1, name)
      case .attention(let layer): (layer, 0, name)
      case .logits: (.max, 0, name)
      case nil: (.max, 1, name)
      }
    }
    return names.sorted { rank($0) < rank($1) }
  }

  private mutating func add(
    _ tensorA: RecordedTensor, of passA: RecordedPass, _ tensorB: RecordedTensor,
    of passB: RecordedPass, measured: (pass: RecordedPass, tensor: RecordedTensor)?
  ) throws {
    try tensorA.checkElements()
    try tensorB.checkElements()
    for (what, a, b) in [
      ("values in a row", tensorA.columnCount, tensorB.columnCount),
      ("keys of a head", tensorA.keyCount, tensorB.keyCount),
    ] {
      guard let a, let b, a != b else { continue }
      throw RecordingError.differentCounts(
        of: what, tensor: tensorA.name, pass: passA.index, a: a, b: b)
    }
    let rows = try RowPairing(tensorA, of: passA, tensorB, of: passB)
    let measuredRows = try measuredErrors(tensorA, of: passA, measured)
    // The side with the wider format says how large an ulp is.
    let truth: PairedRow.Side = tensorB.number == .f64 && tensorA.number != .f64 ? .b : .a
    let floor = max(Precision(storedAs: tensorA.number), Precision(storedAs: tensorB.number))
    judge.begin(tensorA.kind, floor: floor)
    var figures = figures[tensorA.name] ?? TensorFigures(name: tensorA.name)
    for pair in rows.pairs {
      let (rowA, rowB) = (try tensorA.row(pair.a), try tensorB.row(pair.b))
      try checkColumns(rowA, tensorB)
      try checkColumns(rowB, tensorA)
      let paired = try PairedRow(
        rowA, rowB, truth: truth, tensor: tensorA.name, pass: passA.index)
      let row = RowFigures(paired, tolerance: settings.tolerance ?? Tolerance(), truth: truth)
      let location = DifferenceLocation(
        tensorA, of: passA, row: pair.row, column: row.largestColumn)
      figures.add(row, at: location)
      if settings.tolerance != nil, row.beyondTolerance > 0, firstBeyond == nil {
        firstBeyond = location
      }
      judge.add(
        row,
        at: DifferenceLocation(tensorA, of: passA, row: pair.row, column: row.worst.column),
        measured: measuredRows[pair.row])
      if tensorA.kind == .logits {
        var summary = figures.distribution ?? DistributionSummary(topK: settings.topK)
        summary.add(DistributionFigures(rowA, rowB, paired: paired, topK: settings.topK))
        figures.distribution = summary
      }
    }
    judge.end(&figures)
    self.figures[tensorA.name] = figures
  }

  /// What the float32 run is off in each row of the pass.
  private func measuredErrors(
    _ tensorA: RecordedTensor, of passA: RecordedPass,
    _ measured: (pass: RecordedPass, tensor: RecordedTensor)?
  ) throws -> [Int: RoundingModel.RowError] {
    guard let (pass, tensor) = measured else { return [:] }
    try tensor.checkElements()
    var errors: [Int: RoundingModel.RowError] = [:]
    for pair in try RowPairing(tensorA, of: passA, tensor, of: pass).pairs {
      let paired = try PairedRow(
        tensorA.row(pair.a), tensor.row(pair.b), truth: .a, tensor: tensorA.name,
        pass: passA.index)
      errors[pair.row] = RowFigures(paired, tolerance: Tolerance(), truth: .a).error
    }
    return errors
  }

  /// A listed token must be one of the other side's vocabulary.
  private func checkColumns(
    _ row: RecordedRow, _ other: RecordedTensor
  ) throws(RecordingError) {
    if let last = row.columns?.last, let count = other.columnCount, last >= count {
      throw .columnOutside(tensor: other.name, column: last, count: count)
    }
  }

  private mutating func result() throws -> RecordingComparison {
    discrete.addTokens(a, b)
    let names = Self.inOrder(figures.keys)
    if names.isEmpty, !namesInA.isDisjoint(with: namesInB) {
      throw RecordingError.nothingChosen(patterns: settings.patterns)
    }
    guard !names.isEmpty || !discrete.differences.isEmpty || namesInA.isEmpty && namesInB.isEmpty
    else {
      throw RecordingError.nothingInCommon(a: Self.inOrder(namesInA), b: Self.inOrder(namesInB))
    }
    let tensors = names.compactMap { figures[$0] }
    // Of two traces without any tensors everything else was compared.
    let areTraces = tensors.isEmpty && a.kind == .trace && b.kind == .trace
    guard tensors.contains(where: \.hasValues) || areTraces || !discrete.differences.isEmpty else {
      throw RecordingError.nothingCompared(a: a.path, b: b.path)
    }
    let precision = settings.precision ?? judge.precision
    let finding = judge.finding(precision)
    let isSame = tensors.allSatisfy { $0.largest == 0 && $0.nonFinite.different == 0 }
    let verdict: RecordingComparison.Verdict =
      finding != nil || !discrete.differences.isEmpty ? .bug : isSame ? .identical : .rounding
    var agrees =
      discrete.differences.isEmpty
      && (settings.tolerance == nil ? finding == nil : firstBeyond == nil)
    if settings.requiresTopK {
      agrees =
        agrees && tensors.allSatisfy { $0.distribution.map { $0.sameTopK == $0.rows } ?? true }
    }
    var comparison = RecordingComparison(
      a: .init(a), b: .init(b), passes: pairing.pairs.count,
      unpairedPasses: pairing.unpaired, incomparablePasses: incomparablePasses,
      discrete: discrete.differences, tensors: tensors,
      onlyInA: Self.inOrder(namesInA.subtracting(namesInB)),
      onlyInB: Self.inOrder(namesInB.subtracting(namesInA)), verdict: verdict,
      precision: precision, isClaimed: settings.precision != nil,
      explainedBy: judge.explainedBy(claimed: settings.precision),
      finding: finding, tolerance: settings.tolerance, firstBeyondTolerance: firstBeyond,
      agrees: agrees)
    comparison.cause = comparison.firstCause
    // What float32 explains needs no other explanation, nor does what no arithmetic changes.
    let isCoarse = precision == .bf16 || precision == .int8 || finding != nil
    if verdict != .identical, isCoarse, discrete.differences.isEmpty {
      comparison.advice = known.advice(precision, isExplainedByInt8: judge.explains(.int8))
    }
    let stated = settings.precision == nil ? known.statement : nil
    comparison.sentence =
      ([comparison.words(stated: stated)] + (comparison.advice.map { [$0] } ?? []))
      .joined(separator: " ")
    return comparison
  }
}
