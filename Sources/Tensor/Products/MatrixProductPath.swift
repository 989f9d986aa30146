import KernelTypes

/// How matrix products are computed.
///
/// On every path but `blas` a row's bits do not depend on the other rows, on the number of threads or on
/// the CPU (docs/numerics.md).
public enum MatrixProductPath: String, CaseIterable, Sendable, Codable {
  /// Float32 activations and the exact value of each weight: the bits of a float32 copy of the file.
  case exact
  /// Activations rounded to 16-bit integers in groups of 32, multiplied with the codes of block formats
  /// in integers. Weights without codes (F32, F16, BF16) are multiplied as on the exact path.
  case int16
  /// The same with 8-bit integers, rounded as llama.cpp rounds them for the weight's format.
  case int8
  /// `cblas_sgemm` of OpenBLAS: an independent check, equal up to rounding; its rounding depends on
  /// shapes, threads and CPU.
  case blas

  /// Whether a row's bits depend on that row alone.
  public var isRowInvariant: Bool { self != .blas }

  /// Whether codes of weights are multiplied in integers.
  public var isInteger: Bool { self == .int16 || self == .int8 }

  /// How activations are rounded for weights of a storage; nil if they are not.
  func rounding(for storage: PanelStorage) -> ActivationRounding? {
    guard isInteger, let form = storage.blockForm else { return nil }
    // llama.cpp rounds to Q8_0 or Q8_1 (32 numbers, scales in binary16) where the weight's block has 32
    // elements, and to Q8_K (256 numbers, a float32 scale) where it has 256.
    let isLarge = form.scales.groupsPerBlock == 8
    return ActivationRounding(
      planes: self == .int8 ? 1 : 2, groupsPerScale: self == .int8 && isLarge ? 8 : 1,
      roundsScales: self == .int8 && !isLarge, sumsPerGroup: form.scales.scalesPerGroup,
      codeOffset: Int32(storage.codeOffset))
  }
}
