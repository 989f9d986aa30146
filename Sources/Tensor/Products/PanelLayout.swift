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
    let storage: PanelStorage =
      switch format {
      case .f32: .float32
      case .f16: .float16
      case .bf16: .bfloat16
      case .q8_0, .q5_0: .bytes
      case .q5_1: .bytesOffset
      case .q4_0: .nibbles
      case .q4_1: .nibblesOffset
      case .q4_K: .wideNibblesOffset
      case .q5_K: .wideBytesOffset
      case .q6_K: .wideBytes
      case .q2_K, .q3_K, .iq4_NL, .iq4_XS: .float32
      }
    let isPossible = requested == .stored && columns.isMultiple(of: storage.groupDepth)
    self.storage = isPossible ? storage : .float32
  }

  /// Bytes of one panel of 16 rows.
  var panelBytes: Int { columns / storage.groupDepth * storage.groupBytes }

  /// Writes one row as lane `lane` of a panel whose bytes are zero or will all be written.
  func pack(_ row: RawSpan, lane: Int, into panel: UnsafeMutableRawPointer) {
    row.withUnsafeBytes { row in
      guard let row = row.baseAddress else { return }
      switch storage {
      case .float32: packFloats(row, lane, panel.assumingMemoryBound(to: Float.self))
      case .float16, .bfloat16: packHalves(row, lane, panel)
      default: packGroups(row, lane, panel)
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
    _ row: UnsafeRawPointer, _ lane: Int, _ panel: UnsafeMutableRawPointer
  ) {
    for index in 0..<columns / QuantisedGroup.count {
      let group = format.group(index, of: row)
      let target = panel + index &* storage.groupBytes
      packScales(group, lane, target)
      packCodes(group.multiples(of: format), lane, target + storage.scaleBytes)
    }
  }

  private func packScales(
    _ group: QuantisedGroup, _ lane: Int, _ target: UnsafeMutableRawPointer
  ) {
    switch storage {
    case .bytes, .nibbles:
      target.storeBytes(of: group.scale, toByteOffset: lane &* 2, as: UInt16.self)
    case .bytesOffset, .nibblesOffset:
      target.storeBytes(of: group.scale, toByteOffset: lane &* 2, as: UInt16.self)
      target.storeBytes(of: group.offset, toByteOffset: 32 &+ lane &* 2, as: UInt16.self)
    default:
      let scales = group.scales
      let second = storage == .wideBytes ? scales.1 : group.offsets(of: format).0
      target.storeBytes(of: scales.0, toByteOffset: lane &* 4, as: Float.self)
      target.storeBytes(of: second, toByteOffset: 64 &+ lane &* 4, as: Float.self)
    }
  }

  private func packCodes(
    _ codes: SIMD32<Int8>, _ lane: Int, _ target: UnsafeMutableRawPointer
  ) {
    switch storage {
    case .bytes, .bytesOffset, .wideBytes, .wideBytesOffset:
      for k in 0..<QuantisedGroup.count {
        target.storeBytes(of: codes[k], toByteOffset: k &* laneCount &+ lane, as: Int8.self)
      }
    default:
      for pair in 0..<QuantisedGroup.count / 2 {
        let (low, high) = (codes[2 &* pair], codes[2 &* pair &+ 1])
        target.storeBytes(
          of: low & 15 | high &<< 4, toByteOffset: pair &* laneCount &+ lane, as: Int8.self)
      }
    }
  }
}
