import Files
import Tensor

/// How a recorded tensor's elements are written as bytes, little-endian.
public enum StoredNumber: String, Encodable, Sendable, CaseIterable {
  case f64 = "F64"
  case f32 = "F32"
  case f16 = "F16"
  /// The upper half of an IEEE binary32.
  case bf16 = "BF16"

  public var byteCount: Int {
    switch self {
    case .f64: 8
    case .f32: 4
    case .f16, .bf16: 2
    }
  }

  /// `count` consecutive elements as Doubles, which hold each of these formats exactly; nil if
  /// they are not wholly inside the file.
  func values(in file: InputFile, at offset: Int, count: Int) -> [Double]? {
    let format: ElementFormat
    switch self {
    case .f64:
      let bits = file.integers(at: offset, count: count, as: UInt64.self)
      return bits?.map(Double.init(bitPattern:))
    case .f32: format = .f32
    case .f16: format = .f16
    case .bf16: format = .bf16
    }
    return file.range(at: offset, count: count.times(byteCount)).map { range in
      file.withBytes(in: range) { bytes in
        var numbers: [Float] = []
        format.decode(bytes, count: count, appendingTo: &numbers)
        return numbers.map(Double.init)
      }
    }
  }
}
