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

  /// `count` consecutive elements as Doubles, which hold each of these formats exactly; nothing if
  /// they are not wholly inside the file.
  func values(in file: InputFile, at offset: Int, count: Int) -> [Double]? {
    switch self {
    case .f64:
      file.integers(at: offset, count: count, as: UInt64.self)?.map(Double.init(bitPattern:))
    case .f32:
      file.integers(at: offset, count: count, as: UInt32.self)?.map {
        Double(Float(bitPattern: $0))
      }
    case .f16:
      file.integers(at: offset, count: count, as: UInt16.self)?.map(Self.widened(float16:))
    case .bf16:
      file.integers(at: offset, count: count, as: UInt16.self)?.map {
        Double(Float(bitPattern: UInt32($0) << 16))
      }
    }
  }

  /// The value of a binary16: `Float16` itself is not to be had on every platform.
  private static func widened(float16 bits: UInt16) -> Double {
    let sign: FloatingPointSign = bits >> 15 == 0 ? .plus : .minus
    let (exponent, fraction) = (Int(bits >> 10 & 0x1F), Double(bits & 0x3FF))
    switch exponent {
    case 0: return Double(sign: sign, exponent: -24, significand: fraction)
    case 31 where fraction == 0: return sign == .plus ? .infinity : -.infinity
    case 31: return .nan
    default: return Double(sign: sign, exponent: exponent - 25, significand: 1024 + fraction)
    }
  }
}
