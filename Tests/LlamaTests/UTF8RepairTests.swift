import TestSupport
import Testing

@testable import Llama

struct UTF8RepairTests {
  @Test func `splitting at the end of the complete text changes nothing`() {
    var random = SeededGenerator(seed: 17)
    let leads: [UInt8] = [0x41, 0x80, 0xBF, 0xC1, 0xC2, 0xE0, 0xED, 0xEF, 0xF0, 0xF4, 0xF5]
    for _ in 0..<5_000 {
      let bytes = (0..<Int.random(in: 0...6, using: &random)).map { _ in
        Bool.random(using: &random)
          ? leads.randomElement(using: &random) ?? 0 : UInt8.random(in: 0x7E...0xC3, using: &random)
      }
      let end = UTF8Repair.completeEnd(of: bytes[...])
      let parts = [bytes[..<end], bytes[end...]].map { String(decoding: $0, as: UTF8.self) }
      #expect(parts.flatMap(\.utf8) == Array(String(decoding: bytes, as: UTF8.self).utf8))
      #expect(bytes.count - end < 4)
    }
  }

  @Test(arguments: ["é", "漢", "🦊"])
  func `an unfinished character is not complete`(text: String) {
    let bytes = Array(text.utf8)
    for length in 1..<bytes.count {
      #expect(UTF8Repair.completeEnd(of: bytes[..<length]) == 0)
    }
    #expect(UTF8Repair.completeEnd(of: bytes[...]) == bytes.count)
  }
}
