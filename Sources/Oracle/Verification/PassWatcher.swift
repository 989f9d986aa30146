import Lookahead
import Synchronization

/// Remembers how many passes a decoder has run, and the last.
final class PassWatcher: PassObserver {
  private let seen = Mutex<(passes: Int, last: PassRecord?)>((0, nil))

  func observe(_ pass: PassRecord) throws {
    seen.withLock { $0 = ($0.passes + 1, pass) }
  }

  /// The last pass; nothing before the first.
  /// - Parameter settled: which of its settled tokens is asked for.
  func last(settled index: Int) -> CounterExample.Pass? {
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
