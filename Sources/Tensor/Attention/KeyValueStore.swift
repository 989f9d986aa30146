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
/// The numbers are `Float`s or, in the format float16, `Half`s in the same places.
///
/// A value: a copy shares blocks with its original until one of them is written to.
public struct KeyValueStore: Sendable {
  public let layers: Int
  public let kvHeads: Int
  public let headDim: Int
  public let format: KeyValueFormat
  private var blocks: [FloatBuffer] = []

  /// - Precondition: all numbers are positive.
  public init(layers: Int, kvHeads: Int, headDim: Int, format: KeyValueFormat = .float32) {
    precondition(layers > 0 && kvHeads > 0 && headDim > 0, "\(layers) × \(kvHeads) × \(headDim)")
    (self.layers, self.kvHeads, self.headDim) = (layers, kvHeads, headDim)
    self.format = format
  }

  /// Allocated slots.
  public var capacity: Int { blocks.count * reductionBlock }

  public var slotsPerBlock: Int { reductionBlock }

  public var bytesPerBlock: Int { layers * kvHeads * numbersPerHead * format.bytesPerNumber }

  var valuePanels: Int { (headDim + laneCount - 1) / laneCount }
  private var keyNumbers: Int { reductionBlock * headDim }
  private var numbersPerHead: Int { keyNumbers + reductionBlock * valuePanels * laneCount }

  public mutating func reserve(slots: Int) {
    // A buffer of Floats, each of which is two numbers in the format float16.
    let floats = bytesPerBlock / MemoryLayout<Float>.stride
    while capacity < slots { blocks.append(FloatBuffer(count: floats)) }
  }

  public mutating func shrink(toSlots slots: Int) {
    let needed = (slots + reductionBlock - 1) / reductionBlock
    if blocks.count > needed { blocks.removeLast(blocks.count - needed) }
  }

  /// Stores the keys and values of one layer for some tokens, in slots from `first` on, rounded to the
  /// store's format.
  ///
  /// - Parameters:
  ///   - source: `[tokens, ≥ …]`; in each row the keys of all kv heads stand from column
  ///     `keyColumn` on, the values from `valueColumn` on, `[kvHeads * headDim]` each.
  ///   - rows: those of the tokens; all if not given.
  /// - Precondition: the slots are within the capacity, the columns within `source`.
  public mutating func write(
    _ source: Matrix, rows: Range<Int>? = nil, keyColumn: Int, valueColumn: Int, layer: Int,
    firstSlot first: Int
  ) {
    let rows = rows ?? 0..<source.rows
    precondition(
      rows.lowerBound >= 0 && rows.upperBound <= source.rows, "rows \(rows) of \(source.rows)")
    precondition(first >= 0 && first + rows.count <= capacity, "slot \(first) of \(capacity)")
    precondition(
      max(keyColumn, valueColumn) + kvHeads * headDim <= source.columns,
      "\(source.columns) columns")
    makeUnique(slots: first..<first + rows.count)
    source.withElements { elements in
      for row in rows {
        for head in 0..<kvHeads {
          let numbers = elements + (row * source.columns + head * headDim)
          let (key, value) = (numbers + keyColumn, numbers + valueColumn)
          let target = place(layer: layer, head: head, slot: first + row - rows.lowerBound)
          switch format {
          case .float32: fill(target, key: { key[$0] }, value: { value[$0] })
          case .float16:
            fill(
              target, key: { Half(rounding: key[$0]).bits },
              value: { Half(rounding: value[$0]).bits })
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
        switch format {
        case .float32: copy(Float.self, from, to)
        case .float16: copy(UInt16.self, from, to)
        }
      }
    }
  }

  /// The key panels of one block, `[reductionBlock / 16][headDim][16]` numbers of the format.
  func keyPanels(layer: Int, head: Int, block: Int) -> UnsafeRawPointer {
    UnsafeRawPointer(place(layer: layer, head: head, slot: block * reductionBlock).key)
  }

  /// Where the value of a slot starts, in numbers of the format; see `valuePanelStride`.
  func value(layer: Int, head: Int, slot: Int) -> UnsafeRawPointer {
    UnsafeRawPointer(place(layer: layer, head: head, slot: slot).value)
  }

  /// Numbers between the panels of 16 dimensions of one slot's value.
  var valuePanelStride: Int { reductionBlock * laneCount }

  /// Where the key and the value of a slot start; `keyOffset` and `valueOffset` count from there.
  private typealias Place = (key: UnsafeMutableRawPointer, value: UnsafeMutableRawPointer)

  private func keyOffset(_ dimension: Int) -> Int { dimension &* laneCount }

  private func valueOffset(_ dimension: Int) -> Int {
    dimension / laneCount &* valuePanelStride &+ dimension % laneCount
  }

  private func place(layer: Int, head: Int, slot: Int) -> Place {
    let base = UnsafeMutableRawPointer(blocks[slot / reductionBlock].base)
    let start = (layer * kvHeads + head) * numbersPerHead
    let slot = slot % reductionBlock
    let key = start + slot / laneCount * headDim * laneCount + slot % laneCount
    let value = start + keyNumbers + slot * laneCount
    return (base + key * format.bytesPerNumber, base + value * format.bytesPerNumber)
  }

  /// Writes the numbers of one slot, dimension by dimension.
  @inline(__always)
  private func fill<Number: BitwiseCopyable>(
    _ place: Place, key: (_ dimension: Int) -> Number, value: (_ dimension: Int) -> Number
  ) {
    let size = MemoryLayout<Number>.stride
    for d in 0..<headDim {
      place.key.storeBytes(of: key(d), toByteOffset: keyOffset(d) &* size, as: Number.self)
      place.value.storeBytes(of: value(d), toByteOffset: valueOffset(d) &* size, as: Number.self)
    }
  }

  @inline(__always)
  private func copy<Number: BitwiseCopyable>(_: Number.Type, _ source: Place, _ target: Place) {
    let size = MemoryLayout<Number>.stride
    fill(
      target, key: { source.key.load(fromByteOffset: keyOffset($0) &* size, as: Number.self) },
      value: { source.value.load(fromByteOffset: valueOffset($0) &* size, as: Number.self) })
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
