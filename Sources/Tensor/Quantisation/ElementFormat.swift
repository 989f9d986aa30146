/// How the elements of a stored tensor are written as bytes.
///
/// A tensor is a sequence of equal blocks, each holding `elementsPerBlock` consecutive elements of
/// one row in `bytesPerBlock` bytes; the plain formats have blocks of one element. All numbers are
/// little-endian. The names and layouts of the quantised formats are those of ggml (type numbers
/// and block sizes: gguf-py 0.19.0, `constants.py`, `GGML_QUANT_SIZES`).
///
/// | format | block (elements → bytes) | value of one element |
/// |---|---|---|
/// | F32, F16, BF16 | 1 → 4, 2, 2 | the number itself |
/// | Q8_0 | 32 → 34 | `d · q`, q in -128 … 127 |
/// | Q4_0, Q5_0 | 32 → 18, 22 | `d · (q - 8)`, `d · (q - 16)` |
/// | Q4_1, Q5_1 | 32 → 20, 24 | `d · q + m` |
/// | IQ4_NL | 32 → 18 | `d · table[q]` |
/// | Q2_K | 256 → 84 | `(d · s) · q - (dmin · t)`, s and t per 16 elements |
/// | Q3_K | 256 → 110 | `(d · s) · (q - 4)`, s per 16 elements |
/// | Q4_K, Q5_K | 256 → 144, 176 | `(d · s) · q - (dmin · t)`, s and t per 32 elements |
/// | Q6_K | 256 → 210 | `(d · s) · (q - 32)`, s per 16 elements |
/// | IQ4_XS | 256 → 136 | `(d · s) · table[q]`, s per 32 elements |
///
/// `d`, `m` and `dmin` are float16; `q`, `s` and `t` are small integers; the `table` is `codeTable`.
public enum ElementFormat: String, Sendable, Equatable, CaseIterable {
  case f32 = "F32"
  case f16 = "F16"
  case bf16 = "BF16"
  case q8_0 = "Q8_0"
  case q4_0 = "Q4_0"
  case q4_1 = "Q4_1"
  case q5_0 = "Q5_0"
  case q5_1 = "Q5_1"
  case q2_K = "Q2_K"
  case q3_K = "Q3_K"
  case q4_K = "Q4_K"
  case q5_K = "Q5_K"
  case q6_K = "Q6_K"
  case iq4_NL = "IQ4_NL"
  case iq4_XS = "IQ4_XS"

  public var name: String { rawValue }

  /// Whether elements are codes with scales, not numbers.
  public var isQuantised: Bool { elementsPerBlock > 1 }

  /// Elements in one block; a row holds a whole number of blocks.
  public var elementsPerBlock: Int {
    switch self {
    case .f32, .f16, .bf16: 1
    case .q8_0, .q4_0, .q4_1, .q5_0, .q5_1, .iq4_NL: 32
    case .q2_K, .q3_K, .q4_K, .q5_K, .q6_K, .iq4_XS: 256
    }
  }

  /// Bytes of one block.
  public var bytesPerBlock: Int {
    switch self {
    case .f32: 4
    case .f16, .bf16: 2
    case .q8_0: 2 + 32
    case .q4_0: 2 + 16
    case .q4_1: 2 + 2 + 16
    case .q5_0: 2 + 4 + 16
    case .q5_1: 2 + 2 + 4 + 16
    case .q2_K: 16 + 64 + 2 + 2
    case .q3_K: 32 + 64 + 12 + 2
    case .q4_K: 2 + 2 + 12 + 128
    case .q5_K: 2 + 2 + 12 + 32 + 128
    case .q6_K: 128 + 64 + 16 + 2
    case .iq4_NL: 2 + 16
    case .iq4_XS: 2 + 2 + 4 + 128
    }
  }

  /// Bytes of `elements` consecutive elements; nil unless they are a whole number of blocks, and for
  /// more bytes than an `Int` holds.
  public func byteCount(elements: Int) -> Int? {
    guard elements >= 0, elements.isMultiple(of: elementsPerBlock) else { return nil }
    let (bytes, overflow) = (elements / elementsPerBlock)
      .multipliedReportingOverflow(by: bytesPerBlock)
    return overflow ? nil : bytes
  }
}
