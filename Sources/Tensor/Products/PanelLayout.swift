import KernelTypes

/// How rows of a stored format are laid out as panels (`PanelStorage`).
struct PanelLayout {
  let format: ElementFormat
  let columns: Int
  let storage: PanelStorage

  /// The layout that keeps the rows in the form they are stored in, where there is one.
  init(_ format: ElementFormat, columns: Int, as requested: WeightStorage) {
    self.format = format
    self.columns = columns
    let storage = format.panelStorage
    let isPossible = requested == .stored && columns.isMultiple(of: storage.groupDepth)
    self.storage = isPossible ? storage : .float32
  }

  /// Bytes of one panel of 16 rows.
  var panelBytes: Int { storage.panelBytes(depth: columns) }

  /// Writes one row as lane `lane` of a panel whose bytes are zero or will all be written.
  func pack(_ row: RawSpan, lane: Int, into panel: UnsafeMutableRawPointer) {
    row.withUnsafeBytes { row in
      guard let row = row.baseAddress else { return }
      if let form = storage.blockForm {
        packGroups(row, lane, panel, form.codes, form.scales)
      } else if storage == .float32 {
        packFloats(row, lane, panel.assumingMemoryBound(to: Float.self))
      } else {
        packHalves(row, lane, panel)
      }
    }
  }

  private func packFloats(
    _ row: UnsafeRawPointer, _ lane: Int, _ panel: UnsafeMutablePointer<Float>
  ) {
    var values: [Float] = []
    let bytes = UnsafeRawBufferPointer(
      start: row, count: columns / format.elementsPerBlock * format.bytesPerBlock)
    format.decode(bytes.bytes, count: columns, appendingTo: &values)
    for k in 0..<columns { panel[k &* laneCount &+ lane] = values[k] }
  }

  /// Two neighbouring k's share a word.
  private func packHalves(
    _ row: UnsafeRawPointer, _ lane: Int, _ panel: UnsafeMutableRawPointer
  ) {
    for k in 0..<columns {
      let half = row.loadUnaligned(fromByteOffset: k &* 2, as: UInt16.self)
      let offset = (k / 2 &* laneCount &+ lane) &* 4 &+ (k & 1) &* 2
      panel.storeBytes(of: half, toByteOffset: offset, as: UInt16.self)
    }
  }

  private func packGroups(
    _ row: UnsafeRawPointer, _ lane: Int, _ panel: UnsafeMutableRawPointer, _ codes: CodeForm,
    _ scales: ScaleForm
  ) {
    let blockBytes = scales.blockBytes(codes)
    for index in 0..<columns / QuantisedGroup.count {
      let group = format.group(index, of: row)
      let (block, place) = index.quotientAndRemainder(dividingBy: scales.groupsPerBlock)
      let target = panel + block &* blockBytes
      scales.pack(group, at: place, lane: lane, into: target)
      codes.pack(
        group.codes, lane: lane, into: target + (scales.headerBytes &+ place &* codes.byteCount))
    }
  }
}

extension ElementFormat {
  /// The storage that keeps rows of this format as they are.
  var panelStorage: PanelStorage {
    switch self {
    case .f32: .float32
    case .f16: .float16
    case .bf16: .bfloat16
    case .q8_0: .q8_0
    case .q4_0: .q4_0
    case .q4_1: .q4_1
    case .q5_0: .q5_0
    case .q5_1: .q5_1
    case .q2_K: .q2_K
    case .q3_K: .q3_K
    case .q4_K: .q4_K
    case .q5_K: .q5_K
    case .q6_K: .q6_K
    case .iq4_NL: .iq4_NL
    case .iq4_XS: .iq4_XS
    }
  }
}
