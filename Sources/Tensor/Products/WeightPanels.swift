import KernelTypes

/// The rows of one source as panels of 16 output features, so that one kernel streams every weight
/// once and its vector lanes are output features.
struct WeightPanels: Sendable {
  let outputs: Int
  let inputs: Int
  let storage: PanelStorage
  /// Panels, padded with zeros behind the last row.
  let panelCount: Int
  /// Bytes from one panel to the next.
  let panelBytes: Int
  private let buffer: FloatBuffer

  /// Panels that the kernels take at a time; compact storages have a multiple of it.
  static var unit: Int { 2 }

  init(
    _ source: RowSource, as requested: WeightStorage, in arena: WeightArena?, on executor: Executor
  ) {
    let layout = PanelLayout(source.format, columns: source.columns, as: requested)
    outputs = source.rows
    inputs = source.columns
    storage = layout.storage
    panelBytes = layout.panelBytes
    panelCount = Self.panelCount(rows: source.rows, layout.storage)
    let floats = panelCount * panelBytes / MemoryLayout<Float>.stride
    buffer = arena?.buffer(count: floats) ?? FloatBuffer(uninitializedCount: floats)
    let base = UnsafeMutableRawPointer(buffer.base)
    let bytes = panelBytes
    executor.pool.forEachRange(of: panelCount) { panels in
      for panel in panels {
        let target = base + panel * bytes
        let rows = min(panel * laneCount, source.rows)..<min((panel + 1) * laneCount, source.rows)
        if rows.count < laneCount {
          target.initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
        }
        source.forEachRow(rows) { row, bytes in
          layout.pack(bytes, lane: row - panel * laneCount, into: target)
        }
      }
    }
  }

  var byteCount: Int { panelCount * panelBytes }

  static func byteCount(rows: Int, layout: PanelLayout) -> Int {
    panelCount(rows: rows, layout.storage) * layout.panelBytes
  }

  private static func panelCount(rows: Int, _ storage: PanelStorage) -> Int {
    let panels = (rows + laneCount - 1) / laneCount
    return storage == .float32 ? panels : (panels + unit - 1) / unit * unit
  }

  /// Groups of `unit` panels: the items that threads divide.
  var unitCount: Int { (panelCount + Self.unit - 1) / Self.unit }

  func panel(_ index: Int) -> UnsafeRawPointer {
    UnsafeRawPointer(buffer.base) + index * panelBytes
  }

  /// Panels of a storage other than float32, from the k `start` on, which begins a group.
  func stored(_ panels: Range<Int>, from start: Int = 0) -> StoredPanels {
    StoredPanels(
      storage, panel(panels.lowerBound), stride: panelBytes, count: panels.count, from: start)
  }

  /// Writes the weights of one output feature, `[inputs]`.
  func decode(row: Int, into target: UnsafeMutablePointer<Float>, _ kernels: any KernelSet.Type) {
    let (index, lane) = (row / laneCount, row % laneCount)
    func gather(_ panel: UnsafePointer<Float>) {
      for k in 0..<inputs { target[k] = panel[k &* laneCount &+ lane] }
    }
    if storage == .float32 {
      gather(panel(index).assumingMemoryBound(to: Float.self))
    } else {
      let decoded = FloatBuffer(uninitializedCount: inputs * laneCount)
      kernels.decodePanels(
        stored(index..<index + 1), depth: inputs, ahead: 0, into: decoded.base)
      gather(decoded.base)
    }
  }
}
