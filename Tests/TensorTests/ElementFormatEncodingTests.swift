import Foundation
import Tensor
import TestSupport
import Testing

/// Rows written in other formats, against gguf-py's quantisers.
struct ElementFormatEncodingTests {
  /// Numbers, and by the name of the format their bytes in hexadecimal.
  private static func goldens() throws -> [[String: Any]] {
    let path = FixturePath.path("golden/gguf/encoded-rows.json")
    let json = try JSONSerialization.jsonObject(
      with: Data(contentsOf: URL(fileURLWithPath: path)))
    return try #require(json as? [[String: Any]])
  }

  @Test(arguments: [ElementFormat.f16, .bf16, .q8_0, .q4_0, .q4_1])
  func `the bytes are those of gguf-py`(_ format: ElementFormat) throws {
    for (index, golden) in try Self.goldens().enumerated() {
      let row = try #require(golden["row"] as? [Double]).map { Float($0) }
      let bytes = try #require(format.encode(row))
      let hex = bytes.map { String(format: "%02x", $0) }.joined()
      #expect(hex == golden[format.name] as? String, "row \(index)")
    }
  }

  /// Of a Float there is nothing to round.
  @Test func `float32 is written as it is`() throws {
    let row: [Float] = [0, -1.5, .pi, .leastNonzeroMagnitude]
    var decoded: [Float] = []
    let bytes = try #require(ElementFormat.f32.encode(row))
    bytes.withUnsafeBytes { ElementFormat.f32.decode($0.bytes, count: 4, appendingTo: &decoded) }
    #expect(decoded == row)
  }

  @Test func `what cannot be written is refused`() {
    #expect(ElementFormat.q4_K.encode([Float](repeating: 1, count: 256)) == nil)
    #expect(ElementFormat.q8_0.encode([Float](repeating: 1, count: 33)) == nil)
    #expect(ElementFormat.q8_0.encode([])?.isEmpty == true)
  }

  /// Numbers that are not finite trap nowhere.
  @Test(arguments: ElementFormat.encodable)
  func `numbers that are not finite`(_ format: ElementFormat) {
    for number: Float in [.nan, .infinity, -.infinity, .greatestFiniteMagnitude] {
      var row = [Float](repeating: 1, count: 32)
      row[7] = number
      #expect(format.encode(row)?.count == format.byteCount(elements: 32))
    }
  }
}
