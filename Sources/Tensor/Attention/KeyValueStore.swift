import KernelTypes

/// The keys and values of every layer, one slot for each token.
///
/// Slots are stored in blocks of `reductionBlock`, so that a store grows without copying. Within a
/// block, for each layer and kv head:
/// - keys in panels of 16 slots, `[slots / 16][headDim][16]`: scores of 16 keys at a time;
/// - values in panels of 16 dimensions, `[headDim / 16][slots][16]`, the last padded: 16 dimensions
///   of the weighted sum at a time.
/// Both are the layout of `panelProduct`, so attention and linear layers share one kernel.
///
/// A value: a copy shares blocks with its original until one of them is written to.
public struct KeyValueStore: Sendable {
  public let layers: Int
  public let kvHeads: Int
  public let headDim: Int
  private var blocks: [FloatBuffer] = []

  /// - Precondition: all are positive.
  public init(layers: Int, kvHeads: Int, headDim: Int) {
    precondition(layers > 0 && kvHeads > 0 && headDim > 0, "\(layers) × \(kvHeads) × \(headDim)")
    (self.layers, self.kvHeads, self.headDim) = (layers, kvHeads, headDim)
  }

  /// Allocated slots.
  public var capacity: Int { blocks.count * reductionBlock }

  public var slotsPerBlock: Int { reductionBlock }

  public var bytesPerBlock: Int { floatsPerBlock * MemoryLayout<Float>.stride }

  var valuePanels: Int { (headDim + laneCount - 1) / laneCount }
  private var keyFloats: Int { reductionBlock * headDim }
  private var floatsPerHead: Int { keyFloats + reductionBlock * valuePanels * laneCount }
  private var floatsPerBlock: Int { layers * kvHeads * floatsPerHead }

  public mutating func reserve(slots: Int) {
    while capacity < slots { blocks.append(FloatBuffer(count: floatsPerBlock)) }
  }

  public mutating func shrink(toSlots slots: Int) {
    let needed = (slots + reductionBlock - 1) / reductionBlock
    if blocks.count > needed { blocks.removeLast(blocks.count - needed) }
  }

  /// Stores the keys and values of one layer for `source.rows` tokens, in slots from `first` on.
  ///
  /// - Parameters:
  ///   - source: `[tokens, ≥ …]`; in each row the keys of all kv heads stand from column
  ///     `keyColumn` on, the values from `valueColumn` on, `[kvHeads * headDim]` each.
  /// - Precondition: the slots are within the capacity, the columns within `source`.
  public mutating func write(
    _ source: Matrix, keyColumn: Int, valueColumn: Int, layer: Int, firstSlot first: Int
  ) {
    precondition(first >= 0 && first + source.rows <= capacity, "slot \(first) of \(capacity)")
    precondition(
      max(keyColumn, valueColumn) + kvHeads * headDim <= source.columns,
      "\(source.columns) columns")
    makeUnique(slots: first..<first + source.rows)
    source.withElements { elements in
      for row in 0..<source.rows {
        let slot = first + row
        for head in 0..<kvHeads {
          let row = elements + (row * source.columns + head * headDim)
          let target = place(layer: layer, head: head, slot: slot)
          for d in 0..<headDim {
            target.key[d &* laneCount] = row[keyColumn &+ d]
            target.value[valueOffset(d)] = row[valueColumn &+ d]
          }
        }
      }
    }
  }

  /// Copies the keys and values of slot `source`, of all layers, to slot `target`.
  /// - Precondition: both are within the capacity.
  public mutating func copySlot(_ source: Int, to target: Int) {
    precondition(
      source >= 0 && target >= 0 && max(source, target) < capacity,
      "slots \(source), \(target) of \(capacity)")
    if source == target { return }
    makeUnique(slots: target..<target + 1)
    for layer in 0..<layers {
      for head in 0..<kvHeads {
        let from = place(layer: layer, head: head, slot: source)
        let to = place(layer: layer, head: head, slot: target)
        for d in 0..<headDim {
          to.key[d &* laneCount] = from.key[d &* laneCount]
          to.value[valueOffset(d)] = from.value[valueOffset(d)]
        }
      }
    }
  }

  /// The key panels of one block, `[reductionBlock / 16][headDim][16]`.
  func keyPanels(layer: Int, head: Int, block: Int) -> UnsafePointer<Float> {
    UnsafePointer(place(layer: layer, head: head, slot: block * reductionBlock).key)
  }

  /// Where the value of a slot starts; see `valuePanelStride`.
  func value(layer: Int, head: Int, slot: Int) -> UnsafePointer<Float> {
    UnsafePointer(place(layer: layer, head: head, slot: slot).value)
  }

  /// Floats between the panels of 16 dimensions of one slot's value.
  var valuePanelStride: Int { reductionBlock * laneCount }

  private func valueOffset(_ dimension: Int) -> Int {
    dimension / laneCount &* valuePanelStride &+ dimension % laneCount
  }

  private typealias Place = (key: UnsafeMutablePointer<Float>, value: UnsafeMutablePointer<Float>)

  private func place(layer: Int, head: Int, slot: Int) -> Place {
    let start = blocks[slot / reductionBlock].base + (layer * kvHeads + head) * floatsPerHead
    let slot = slot % reductionBlock
    return (
      start + (slot / laneCount * headDim * laneCount + slot % laneCount),
      start + (keyFloats + slot * laneCount)
    )
  }

  /// Copies the blocks of these slots that another store shares.
  private mutating func makeUnique(slots: Range<Int>) {
    if slots.isEmpty { return }
    for block in slots.lowerBound / reductionBlock...(slots.upperBound - 1) / reductionBlock
    where !isKnownUniquelyReferenced(&blocks[block]) {
      blocks[block] = FloatBuffer(copying: blocks[block])
    }
  }
}
