import Llama
import Lookahead
import Synchronization

extension Verifier {
  /// How often a case is repeated that does not fail a second time.
  private static var repetitions: Int { 5 }

  mutating func counterExample(
    _ failing: VerificationCase, _ finding: CounterExample.Finding,
    onProgress: (VerificationProgress) -> Continuation
  ) throws -> (example: CounterExample, smallest: VerificationCase) {
    var smallest = failing
    var tried = 0
    func cancels() -> Bool {
      onProgress(.shrinking(smallest: smallest, tried: tried)) == .cancel
    }
    // A race of threads may not lose twice.
    var again: RunDifference?
    for _ in 0..<Self.repetitions where again == nil && !cancels() {
      tried += 1
      again = try difference(of: failing, isCancelled: cancels)?.difference
    }
    var result = CaseShrinker.Result(smallest: failing, difference: again ?? finding.difference)
    if let again {
      result = try CaseShrinker().shrink(failing, again) { smaller, number in
        tried = number
        if cancels() { throw CancellationError() }
        let difference = try difference(of: smaller, isCancelled: cancels)?.difference
        if difference != nil { smallest = smaller }
        return difference
      }
    }
    var example = CounterExample(
      finding: finding, prompt: result.smallest.prompt,
      endTokens: result.smallest.endTokens.sorted(),
      maximumTokens: result.smallest.maximumTokens,
      sampling: TraceSampling(result.smallest.sampling), setting: result.smallest.setting,
      difference: result.difference, tried: result.tried, isSmallest: result.isFinished,
      isRepeatable: again != nil)
    try locate(&example, in: result.smallest)
    return (example, result.smallest)
  }

  /// Runs a case and plain decoding of its prompt.
  /// - Returns: where it differs; nil if it does not, if it was cancelled, or if its prompt cannot
  ///   be decoded plainly or there is no such decoder.
  private mutating func difference(
    of tried: VerificationCase, isCancelled: () -> Bool
  ) throws -> CaseComparison? {
    let reference = try models.model(for: ExecutionSetting())
    let model = try models.model(for: tried.setting.execution)
    do {
      let plain = try PlainText(tried.reference, on: reference, isCancelled: isCancelled)
      return try plain.map {
        try CaseComparison(tried, on: model, with: $0, isCancelled: isCancelled)
      }
    } catch {
      return nil
    }
  }

  /// Repeats the smallest case once more and says in which pass, row and logits it differs.
  private mutating func locate(
    _ example: inout CounterExample, in smallest: VerificationCase
  ) throws {
    let reference = try models.model(for: ExecutionSetting())
    let model = try models.model(for: smallest.setting.execution)
    let index = example.difference.index
    var expected: ArraySlice<Float>?
    var read = 0
    let plain = try PlainText(
      smallest.reference, on: reference,
      onTokens: { accepted in
        if read == index { expected = accepted.logits.row(accepted.logitRows[0]) }
        read += 1
      }, isCancelled: { false })
    let watcher = PassWatcher()
    var tokensBefore = 0
    var last: Accepted?
    guard let plain,
      let difference = try CaseComparison(
        smallest, on: model, with: plain, observer: watcher,
        onTokens: { accepted in
          tokensBefore += last?.tokens.count ?? 0
          last = accepted
        }, isCancelled: { false }
      ).difference, difference == example.difference
    else { return }
    // A pass that ended with an error was never seen whole.
    if difference.kind == .error { return }
    let place = index - tokensBefore
    example.pass = watcher.last(accepted: place)
    if difference.kind == .logits, let last, let expected,
      last.logitRows.indices.contains(place)
    {
      example.logits = CounterExample.Logits(
        expected: expected, found: last.logits.row(last.logitRows[place]))
    }
  }
}

/// Remembers how many passes a decoder has run, and the last.
final class PassWatcher: PassObserver {
  private let seen = Mutex<(passes: Int, last: PassRecord?)>((0, nil))

  func observe(_ pass: PassRecord) throws {
    seen.withLock { $0 = ($0.passes + 1, pass) }
  }

  /// The last pass; nothing before the first.
  /// - Parameter index: an accepted token of that pass.
  func last(accepted index: Int) -> CounterExample.Pass? {
    seen.withLock { seen in
      seen.last.map { pass in
        let row = pass.acceptedRows.indices.contains(index) ? pass.acceptedRows[index] : nil
        return CounterExample.Pass(
          index: seen.passes - 1, cachedCount: pass.request.cachedCount,
          rows: pass.request.tokens.count, row: row,
          position: row.map { pass.request.positions[$0] })
      }
    }
  }
}
