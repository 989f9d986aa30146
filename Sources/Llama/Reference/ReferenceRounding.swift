import KernelTypes
import Tensor

/// To what the numbers of a pass are rounded between its operations: what `ReferenceModel` computes
/// with one of the 16-bit formats stands for a program that keeps weights, activations, keys and values
/// in that format and sums in a wider one, as PyTorch on most devices does.
public enum ReferenceRounding: String, Sendable, CaseIterable {
  /// Nothing is rounded: all numbers are Double.
  case none
  /// IEEE binary16.
  case float16
  /// The upper half of a binary32.
  case bfloat16

  /// The nearest number of the format, ties to even; of a Double by way of the nearest Float.
  public func callAsFunction(_ x: Float) -> Float {
    switch self {
    case .none: x
    case .float16: Half(rounding: x).float
    case .bfloat16: x.roundedToBFloat16
    }
  }

  func callAsFunction(_ row: [Double]) -> [Double] {
    if self == .none { return row }
    return row.map { Double(self(Float($0))) }
  }

  func callAsFunction(_ matrix: Matrix) -> Matrix {
    if self == .none { return matrix }
    return Matrix(
      rows: matrix.rows, columns: matrix.columns, elements: matrix.elements.map { self($0) })
  }
}
