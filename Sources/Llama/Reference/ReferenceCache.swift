/// Keys and values in Double of the committed tokens, and of the rows of the last pass. A value type;
/// the fast one is `KVCache`.
public struct ReferenceCache: TokenCache {
  public private(set) var positions: [Int] = []
  public private(set) var newPositions: [Int] = []
  /// `[layers][slots][kvHeads][headDim]`; the slots are the kept tokens, then the new rows.
  private(set) var keys: [[[[Double]]]]
  /// `[layers][slots][kvHeads][headDim]`.
  private(set) var values: [[[[Double]]]]
  private let kvHeads: Int
  private let headDim: Int

  public init(_ configuration: LlamaConfiguration) {
    keys = Array(repeating: [], count: configuration.layerCount)
    values = keys
    kvHeads = configuration.kvHeads
    headDim = configuration.headDim
  }

  public var count: Int { positions.count }

  func isFor(_ configuration: LlamaConfiguration) -> Bool {
    keys.count == configuration.layerCount && kvHeads == configuration.kvHeads
      && headDim == configuration.headDim
  }

  /// Drops new rows that were not committed; those of the next pass are appended in each layer.
  mutating func beginPass(positions newPositions: [Int]) {
    truncate(toCount: count)
    self.newPositions = newPositions
  }

  /// Stores one layer's key and value of the next new row, `[kvHeads][headDim]` each.
  mutating func append(keys: [[Double]], values: [[Double]], layer: Int) {
    self.keys[layer].append(keys)
    self.values[layer].append(values)
  }

  /// - Throws: `LlamaError.keptRowOutOfRange`.
  public mutating func keep(newRows rows: [Int]) throws {
    for row in rows where row < 0 || row >= newPositions.count {
      throw LlamaError.keptRowOutOfRange(row: row, rows: newPositions.count)
    }
    let slots = Array(0..<count) + rows.map { count + $0 }
    keys = keys.map { layer in slots.map { layer[$0] } }
    values = values.map { layer in slots.map { layer[$0] } }
    positions += rows.map { newPositions[$0] }
    newPositions = []
  }

  public mutating func truncate(toCount count: Int) {
    newPositions = []
    positions = Array(positions.prefix(max(0, count)))
    keys = keys.map { Array($0.prefix(positions.count)) }
    values = values.map { Array($0.prefix(positions.count)) }
  }
}
