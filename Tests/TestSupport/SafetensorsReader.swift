import Foundation

/// Reads the golden files of the tests, by other code than the program's own reader.
public struct SafetensorsReader {
  private let data: Data
  private let header: [String: Any]
  private let start: Int

  /// Why a golden file could not be used.
  public enum Failure: Error {
    /// The header is not a JSON object.
    case header
    /// There is no such tensor, or not of this type.
    case tensor(String)
  }

  /// Opens the file at `path`.
  public init(path: String) throws {
    data = try Data(contentsOf: URL(fileURLWithPath: path))
    let size = data.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
    let json = try JSONSerialization.jsonObject(with: data.dropFirst(8).prefix(size))
    guard let header = json as? [String: Any] else { throw Failure.header }
    self.header = header
    start = 8 + size
  }

  /// The bytes of a tensor and its type and shape.
  public func tensor(_ name: String) throws -> (type: String, shape: [Int], bytes: [UInt8]) {
    guard let entry = header[name] as? [String: Any], let type = entry["dtype"] as? String,
      let shape = entry["shape"] as? [Int], let offsets = entry["data_offsets"] as? [Int]
    else { throw Failure.tensor(name) }
    return (type, shape, Array(data[(start + offsets[0])..<(start + offsets[1])]))
  }

  /// Where in the file a tensor's bytes begin.
  public func offset(of name: String) throws -> Int {
    guard let entry = header[name] as? [String: Any],
      let offsets = entry["data_offsets"] as? [Int]
    else { throw Failure.tensor(name) }
    return start + offsets[0]
  }

  /// The elements of an F32 tensor.
  public func floats(_ name: String) throws -> [Float] {
    let (type, _, bytes) = try tensor(name)
    guard type == "F32" else { throw Failure.tensor(name) }
    return stride(from: 0, to: bytes.count, by: 4).map { first in
      let bits = (0..<4).reversed().reduce(UInt32(0)) { $0 << 8 | UInt32(bytes[first + $1]) }
      return Float(bitPattern: bits)
    }
  }

  /// The rows of an F64 tensor of two dimensions.
  public func doubleRows(_ name: String) throws -> [[Double]] {
    let (type, shape, bytes) = try tensor(name)
    guard type == "F64", shape.count == 2 else { throw Failure.tensor(name) }
    return (0..<shape[0]).map { row in
      (0..<shape[1]).map { column in
        let first = 8 * (row * shape[1] + column)
        let bits = (0..<8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64(bytes[first + $1]) }
        return Double(bitPattern: bits)
      }
    }
  }
}

extension SafetensorsReader {
  /// The elements of an F64 tensor.
  public func doubles(_ name: String) throws -> [Double] {
    let (type, _, bytes) = try tensor(name)
    guard type == "F64" else { throw Failure.tensor(name) }
    return stride(from: 0, to: bytes.count, by: 8).map { first in
      let bits = (0..<8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64(bytes[first + $1]) }
      return Double(bitPattern: bits)
    }
  }
}
