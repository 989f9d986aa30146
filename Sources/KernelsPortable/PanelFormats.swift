import KernelTypes

/// Code that is compiled for each format.
protocol PanelFormatVisitor {
  func visit<Format: PanelFormat>(_: Format.Type)
}

/// Code that is compiled for each block format.
protocol BlockFormatVisitor {
  func visit<Codes: PanelCodes, Scales: PanelScales>(_: BlockPanels<Codes, Scales>.Type)
}

extension PanelStorage {
  /// Calls `visitor` with the format of this storage; not for float32, which needs no decoding.
  @inline(__always)
  func visit<Visitor: PanelFormatVisitor>(_ visitor: Visitor) {
    switch self {
    case .float32: break
    case .bfloat16: visitor.visit(BFloat16Panels.self)
    case .float16: visitor.visit(Float16Panels.self)
    default: visitBlocks(EveryFormat(visitor: visitor))
    }
  }

  /// Calls `visitor` with the format of this storage; not for plain numbers.
  @inline(__always)
  func visitBlocks<Visitor: BlockFormatVisitor>(_ visitor: Visitor) {
    switch self {
    case .float32, .bfloat16, .float16: break
    case .q8_0: visitor.visit(BlockPanels<Bytes, HalfScales>.self)
    case .q4_0: visitor.visit(BlockPanels<Nibbles, HalfScales>.self)
    case .q4_1: visitor.visit(BlockPanels<Nibbles, HalfScalesAndOffsets>.self)
    case .q5_0: visitor.visit(BlockPanels<NibblesAndBits, HalfScales>.self)
    case .q5_1: visitor.visit(BlockPanels<NibblesAndBits, HalfScalesAndOffsets>.self)
    case .q2_K: visitor.visit(BlockPanels<Pairs, FineStepsAndMinima>.self)
    case .q3_K: visitor.visit(BlockPanels<PairsAndBits, FineSteps>.self)
    case .q4_K: visitor.visit(BlockPanels<Nibbles, StepsAndMinima>.self)
    case .q5_K: visitor.visit(BlockPanels<NibblesAndBits, StepsAndMinima>.self)
    case .q6_K: visitor.visit(BlockPanels<NibblesAndPairs, FineSteps>.self)
    case .iq4_NL: visitor.visit(BlockPanels<TableNibbles, HalfScales>.self)
    case .iq4_XS: visitor.visit(BlockPanels<TableNibbles, Steps>.self)
    }
  }
}

private struct EveryFormat<Visitor: PanelFormatVisitor>: BlockFormatVisitor {
  let visitor: Visitor

  @inline(__always)
  func visit<Codes: PanelCodes, Scales: PanelScales>(_ format: BlockPanels<Codes, Scales>.Type) {
    visitor.visit(format)
  }
}
