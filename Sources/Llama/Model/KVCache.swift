import Tensor

/// Keys and values of the committed tokens, and of the rows of the last pass. A value type.
public struct KVCache: TokenCache {
  /// Positions of the committed tokens.
  public private(set) var positions: [Int] = []
  /// Positions of the rows of the last pass until some are committed.
  public private(set) var newPositions: [Int] = []
  private(set) var store: KeyValueStore

  public init(_ configuration: LlamaConfiguration, format: KeyValueFormat = .float32) {
    store = KeyValueStore(
      layers: configuration.layerCount, kvHeads: configuration.kvHeads,
      headDim: configuration.headDim, format: format)
  }

  public var count: Int { positions.count }

  public var format: KeyValueFormat { store.format }

  /// Whether a model of this configuration, whose caches have this format, can read it.
  func isFor(_ configuration: LlamaConfiguration, format: KeyValueFormat) -> Bool {
    store.layers == configuration.layerCount && store.kvHeads == configuration.kvHeads
      && store.headDim == configuration.headDim && store.format == format
  }

  /// Drops new rows that were not committed and reserves memory for those of the next pass.
  mutating func beginPass(positions newPositions: [Int]) {
    self.newPositions = newPositions
    store.reserve(slots: count + newPositions.count)
  }

  /// Stores one layer's keys and values of the new rows.
  /// - Parameters:
  ///   - source: keys and values from the given columns on.
  ///   - rows: the pass's rows in it, `newPositions.count` of them.
  mutating func write(
    _ source: Matrix, rows: Range<Int>, keyColumn: Int, valueColumn: Int, layer: Int
  ) {
    store.write(
      source, rows: rows, keyColumn: keyColumn, valueColumn: valueColumn, layer: layer,
      firstSlot: count)
  }

  /// The first rows in order, the usual ones, stay where they are; others are copied.
  /// - Throws: `LlamaError.keptRowOutOfRange`.
  public mutating func keep(newRows rows: [Int]) throws {
    for row in rows where row < 0 || row >= newPositions.count {
      throw LlamaError.keptRowOutOfRange(row: row, rows: newPositions.count)
    }
    let first = count
    if rows.enumerated().contains(where: { $0.element < $0.offset }) {
      // Some row would be overwritten before it is read: go through copies behind the pass.
      let spare = first + newPositions.count
      store.reserve(slots: spare + rows.count)
      for (index, row) in rows.enumerated() { store.copySlot(first + row, to: spare + index) }
      for index in rows.indices { store.copySlot(spare + index, to: first + index) }
    } else {
      for (index, row) in rows.enumerated() { store.copySlot(first + row, to: first + index) }
    }
    positions += rows.map { newPositions[$0] }
    newPositions = []
  }

  public mutating func truncate(toCount count: Int) {
    newPositions = []
    if count < positions.count { positions.removeLast(positions.count - max(0, count)) }
    store.shrink(toSlots: positions.count)
  }
}
