import Llama
import Synchronization
import Tensor

@testable import Oracle

/// The fixture model with a fault: what `verify` is there to find.
struct FaultyModel: InspectableModel {
  /// Breaches of what a model promises.
  enum Fault: Sendable {
    /// None.
    case none
    /// In passes of more than so many rows behind cached tokens no row sees the first of those.
    case hiddenKey(rowsAbove: Int)
    /// Where several rows of logits are asked for, one logit of this one is off by the last bit.
    case lastBit(row: Int, token: TokenID)
    /// Of rows that are kept the first ones of the pass are kept instead.
    case staleRows
    /// Passes of more than so many rows cannot be run.
    case refusal(rowsAbove: Int)
    /// One pass in all the model's life is off.
    case once(Once)
  }

  /// Says yes once, after a number of times.
  final class Once: Sendable {
    private let left: Mutex<Int>

    init(after count: Int) { left = Mutex(count) }

    func isNow() -> Bool {
      left.withLock { left in
        left -= 1
        return left == 0
      }
    }
  }

  /// The base's cache, and whether it keeps the rows that it is told to keep.
  struct Cache: TokenCache {
    fileprivate var base: KVCache
    fileprivate let keepsFirstRows: Bool

    var count: Int { base.count }

    mutating func keep(newRows rows: [Int]) throws {
      try base.keep(newRows: keepsFirstRows ? Array(rows.indices) : rows)
    }

    mutating func truncate(toCount count: Int) { base.truncate(toCount: count) }
  }

  let base: LlamaModel
  let fault: Fault

  var configuration: LlamaConfiguration { base.configuration }
  var vocabularySize: Int { base.vocabularySize }
  var contextLength: Int { base.contextLength }

  func makeCache() -> Cache {
    if case .staleRows = fault { return Cache(base: base.makeCache(), keepsFirstRows: true) }
    return Cache(base: base.makeCache(), keepsFirstRows: false)
  }

  func forward(
    tokens: [TokenID], positions: [Int], mask: AttentionMask, logitRows: [Int],
    cache: inout Cache
  ) throws -> Matrix {
    let request = PassRequest(
      tokens: tokens, positions: positions, mask: mask, logitRows: logitRows)
    return try forward(
      request, cache: &cache, showing: TensorSelection(), onLayer: { _ in }
    ).logits
  }

  func forward(
    _ request: PassRequest, cache: inout Cache, showing selection: TensorSelection,
    onLayer: (PassedLayer) throws -> Void
  ) throws -> PassTensors {
    let mask = request.mask
    var seen = mask
    switch fault {
    case .hiddenKey(let limit) where request.tokens.count > limit && mask.cachedCount > 0:
      seen = AttentionMask(
        cachedCount: mask.cachedCount, queries: request.tokens.count,
        seesKey: { query, key in mask.sees(query: query, key: key) && key > 0 })
    case .refusal(let limit) where request.tokens.count > limit:
      throw LlamaError.positionOutOfRange(position: request.positions[0], contextLength: 0)
    default: break
    }
    let changed = PassRequest(
      tokens: request.tokens, positions: request.positions, mask: seen,
      logitRows: request.logitRows)
    let shown = try base.forward(
      changed, cache: &cache.base, showing: selection, onLayer: onLayer)
    switch fault {
    case .lastBit(let row, let token) where row < shown.logits.rows:
      return Self.spoilt(shown, row: row, token: token)
    case .once(let once) where shown.logits.rows > 0 && once.isNow():
      return Self.spoilt(shown, row: 0, token: 0)
    default: return shown
    }
  }

  private static func spoilt(_ shown: PassTensors, row: Int, token: TokenID) -> PassTensors {
    var elements = shown.logits.elements
    elements[row * shown.logits.columns + token] =
      elements[row * shown.logits.columns + token].nextUp
    let logits = Matrix(
      rows: shown.logits.rows, columns: shown.logits.columns, elements: elements)
    return PassTensors(
      logits: logits, logitRows: shown.logitRows,
      tensors: [
        TraceTensor(.logits, shape: [logits.rows, logits.columns], values: .float32(elements))
      ] + shown.tensors.dropFirst())
  }
}
