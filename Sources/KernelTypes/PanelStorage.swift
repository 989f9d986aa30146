/// How the weights of a panel, 16 output features, are written in memory.
///
/// Plain numbers stand k after k: float32 `[k][16]`; of the 16-bit forms the k's 2i and 2i + 1 share a
/// 32-bit word of each feature, `[k / 2][16][2]`.
///
/// The others are the block formats of GGUF files, regrouped so that a vector holds the same bits of 16
/// features: a panel is a sequence of blocks, a block a header with the scales (`ScaleForm`) and the
/// codes of its groups (`CodeForm`), a group 32 k's. The bytes are those of the file, but for the padding
/// of headers to 64 bytes.
public enum PanelStorage: Sendable, CaseIterable {
  case float32
  case bfloat16
  case float16
  case q8_0
  case q4_0
  case q4_1
  case q5_0
  case q5_1
  case q2_K
  case q3_K
  case q4_K
  case q5_K
  case q6_K
  case iq4_NL
  case iq4_XS

  /// The forms of codes and scales; nil for plain numbers.
  public var blockForm: (codes: CodeForm, scales: ScaleForm)? {
    switch self {
    case .float32, .bfloat16, .float16: nil
    case .q8_0: (.bytes, .halves)
    case .q4_0, .iq4_NL: (.nibbles, .halves)
    case .q4_1: (.nibbles, .halvesAndOffsets)
    case .q5_0: (.nibblesAndBits, .halves)
    case .q5_1: (.nibblesAndBits, .halvesAndOffsets)
    case .q2_K: (.pairs, .fineStepsAndMinima)
    case .q3_K: (.pairsAndBits, .fineSteps)
    case .q4_K: (.nibbles, .stepsAndMinima)
    case .q5_K: (.nibblesAndBits, .stepsAndMinima)
    case .q6_K: (.nibblesAndPairs, .fineSteps)
    case .iq4_XS: (.nibbles, .steps)
    }
  }

  /// What is subtracted from a code; 128 where the codes are the entries of a table plus 128.
  public var codeOffset: Int {
    switch self {
    case .q8_0, .iq4_NL, .iq4_XS: 128
    case .q4_0: 8
    case .q5_0: 16
    case .q3_K: 4
    case .q6_K: 32
    default: 0
    }
  }

  /// k's that a row must have a multiple of.
  public var groupDepth: Int {
    switch self {
    case .float32: 1
    case .bfloat16, .float16: 4
    default: 32
    }
  }

  /// Bytes of a panel with `depth` k's, a multiple of `groupDepth`.
  public func panelBytes(depth: Int) -> Int {
    guard let (codes, scales) = blockForm else {
      return depth * laneCount * (self == .float32 ? 4 : 2)
    }
    let groups = depth / 32
    let blocks = (groups + scales.groupsPerBlock - 1) / scales.groupsPerBlock
    return blocks * scales.blockBytes(codes)
  }
}

/// How the codes of a group are written: 32 k's of 16 output features, unsigned integers.
///
/// Four k's make a step: of step s the k's 4s … 4s + 3, one in each byte of a feature's 32-bit word.
///
/// | part | vectors of 64 bytes | where step s is |
/// |---|---|---|
/// | bytes | 8 | vector s |
/// | nibbles | 4 | vector s mod 4; low halves of the bytes for s < 4, then the high ones |
/// | pairs of bits | 2 | vector s / 4; bits 2(s mod 4) and the next of each byte |
/// | single bits | 1 | bit s of each byte |
public enum CodeForm: Sendable {
  case bytes
  case nibbles
  /// Codes of five bits: the fifth is a single bit.
  case nibblesAndBits
  /// Codes of six bits: the upper two are pairs.
  case nibblesAndPairs
  case pairs
  /// Codes of three bits: the third is a single bit.
  case pairsAndBits

  /// Bytes of one group.
  @inlinable public var byteCount: Int {
    switch self {
    case .bytes: 512
    case .nibbles: 256
    case .nibblesAndBits: 320
    case .nibblesAndPairs: 384
    case .pairs: 128
    case .pairsAndBits: 192
    }
  }
}

/// How the scales of a block are written. Numbers of 16 output features stand side by side; binary16
/// numbers take 32 bytes, small integers 16.
///
/// | form | groups in a block | header |
/// |---|---|---|
/// | halves | 2 | d of each group |
/// | halvesAndOffsets | 2 | d and m of each group |
/// | steps | 8 | d, padding; a signed step of each group |
/// | stepsAndMinima | 8 | d, dmin; step and minimum of each group |
/// | fineSteps | 8 | d, padding; two signed steps of each group |
/// | fineStepsAndMinima | 8 | d, dmin; for each half of a group a byte: the step, and the minimum above it |
///
/// A weight is `scale · (code - codeOffset)`, or `scale · code + offset`: the scale is d or d · step, the
/// offset m or -(dmin · minimum). Fine steps belong to 16 k's.
public enum ScaleForm: Sendable {
  case halves
  case halvesAndOffsets
  case steps
  case stepsAndMinima
  case fineSteps
  case fineStepsAndMinima

  @inlinable public var groupsPerBlock: Int {
    switch self {
    case .halves, .halvesAndOffsets: 2
    default: 8
    }
  }

  @inlinable public var hasOffsets: Bool {
    switch self {
    case .halvesAndOffsets, .stepsAndMinima, .fineStepsAndMinima: true
    default: false
    }
  }

  /// Scales of a group: 2, if each half of it has its own.
  @inlinable public var scalesPerGroup: Int {
    switch self {
    case .fineSteps, .fineStepsAndMinima: 2
    default: 1
    }
  }

  @inlinable public var headerBytes: Int {
    switch self {
    case .halves: 64
    case .halvesAndOffsets: 128
    case .steps: 64 + 8 * 16
    case .stepsAndMinima, .fineSteps, .fineStepsAndMinima: 64 + 8 * 32
    }
  }

  @inlinable public func blockBytes(_ codes: CodeForm) -> Int {
    headerBytes + groupsPerBlock * codes.byteCount
  }
}

/// The values of the codes of IQ4_NL and IQ4_XS (ggml's `kvalues_iq4nl`).
@inlinable public var iq4Values: SIMD16<Int8> {
  SIMD16(-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113)
}

/// The same plus 128.
@inlinable public var iq4Codes: SIMD16<UInt8> {
  SIMD16(1, 24, 45, 63, 79, 93, 106, 118, 129, 141, 153, 166, 181, 197, 217, 241)
}
