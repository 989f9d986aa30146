import KernelTypes

// What the formula of a quantised format (see `QuantisedGroup`) has besides the stored numbers, and
// how its groups are found.

extension ElementFormat {
  /// What is subtracted from a stored code; 0 where a table says what a code stands for.
  var codeOffset: Int { codeTable == nil ? panelStorage.codeOffset : 0 }

  /// Whether a value is `scale · code + offset`, not only `scale · code`.
  var hasOffset: Bool { panelStorage.blockForm?.scales.hasOffsets ?? false }

  /// Whether the offset is `-(dmin · minimum)`, with an integer minimum of its own for each half.
  var hasMinima: Bool { hasOffset && elementsPerBlock == 256 }

  /// Group `index` of a row (or of any sequence of whole blocks) of a quantised format.
  /// - Precondition: the format is quantised.
  @inline(__always)
  func group(_ index: Int, of row: UnsafeRawPointer) -> QuantisedGroup {
    let groupsPerBlock = elementsPerBlock / QuantisedGroup.count
    let block = row + index / groupsPerBlock &* bytesPerBlock
    let group = index % groupsPerBlock
    return switch self {
    case .q8_0: Self.groupQ8_0(block)
    case .q4_0: Self.groupQ4_0(block)
    case .q4_1: Self.groupQ4_1(block)
    case .q5_0: Self.groupQ5_0(block)
    case .q5_1: Self.groupQ5_1(block)
    case .q2_K: Self.groupQ2_K(block, group)
    case .q3_K: Self.groupQ3_K(block, group)
    case .q4_K: Self.groupQ4_K(block, group)
    case .q5_K: Self.groupQ5_K(block, group)
    case .q6_K: Self.groupQ6_K(block, group)
    case .iq4_NL: Self.groupIQ4_NL(block)
    case .iq4_XS: Self.groupIQ4_XS(block, group)
    case .f32, .f16, .bf16: preconditionFailure("\(name) has no groups")
    }
  }
}
