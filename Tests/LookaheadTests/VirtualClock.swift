import Foundation
import Llama
import Tensor

@testable import Lookahead

/// A clock that stands still until it is turned.
final class VirtualClock: Sendable {
  private let milliseconds = Turned()

  /// What decoders read.
  var clock: PassClock { PassClock { [milliseconds] in milliseconds.value } }

  func advance(by more: Double) { milliseconds.add(more) }

  private final class Turned: @unchecked Sendable {
    private let lock = NSLock()
    private var sum = 0.0
    var value: Double { lock.withLock { sum } }
    func add(_ more: Double) { lock.withLock { sum += more } }
  }
}

/// A model whose passes take as long on a virtual clock as a curve says.
struct TimedModel<Model: CausalLanguageModel>: CausalLanguageModel {
  let model: Model
  let clock: VirtualClock
  /// Milliseconds of a pass by its rows.
  let curve: @Sendable (_ rows: Int) -> Double

  var vocabularySize: Int { model.vocabularySize }
  var contextLength: Int { model.contextLength }
  func makeCache() -> Model.Cache { model.makeCache() }

  func forward(
    tokens: [TokenID], positions: [Int], mask: AttentionMask, logitRows: [Int],
    cache: inout Model.Cache
  ) throws -> Matrix {
    clock.advance(by: curve(tokens.count))
    return try model.forward(
      tokens: tokens, positions: positions, mask: mask, logitRows: logitRows, cache: &cache)
  }
}

/// Milliseconds of passes, as they were measured on a machine with two cores.
enum MeasuredCurve: String, CaseIterable, Sendable {
  /// Weights of four bytes: rows are nearly free up to a dozen.
  case float32
  /// Weights of four bits: every row costs a fifth of a pass.
  case fourBit
  /// Rows cost what passes cost.
  case noGain

  @Sendable func milliseconds(rows: Int) -> Double {
    switch self {
    case .float32:
      let known = [(1, 18.7), (8, 22.0), (12, 23.3), (16, 27.5), (24, 38.4), (64, 92)]
      let right = known.firstIndex { $0.0 >= rows } ?? known.count - 1
      if right == 0 { return known[0].1 }
      let (a, b) = (known[right - 1], known[right])
      return a.1 + (b.1 - a.1) * Double(rows - a.0) / Double(b.0 - a.0)
    case .fourBit: return 4.5 + Double(rows - 1)
    case .noGain: return 5 * Double(rows)
    }
  }
}
