import TestSupport
import Testing

@testable import Llama

struct UTF8RepairTests {
  /// From Unicode 16, tables 3-8 to 3-11.
  @Test(
    arguments: [
      ([0xC0, 0xAF, 0xE0, 0x80, 0xBF, 0xF0, 0x81, 0x82, 0x41], 8),
      ([0xED, 0xA0, 0x80, 0xED, 0xBF, 0xBF, 0xED, 0xAF, 0x41], 8),
      ([0xF4, 0x91, 0x92, 0x93, 0xFF, 0x41, 0x80, 0xBF, 0x42], 7),
      ([0xE1, 0x80, 0xE2, 0xF0, 0x91, 0x92, 0xF1, 0xBF, 0x41], 4),
    ] as [([UInt8], Int)])
  func `invalid bytes become as many replacement characters`(bytes: [UInt8], count: Int) {
    var found = 0
    var index = 0
    while index < bytes.count {
      switch UTF8Repair.unit(in: bytes[...], at: index) {
      case .character(let length): index += length
      case .invalid(let length): (index, found) = (index + length, found + 1)
      case .unfinished: (index, found) = (bytes.count, found + 1)
      }
    }
    #expect(found == count)
    let text = String(decoding: bytes, as: UTF8.self)
    #expect(text.unicodeScalars.count { $0 == "\u{FFFD}" } == count)
  }

  @Test func `validity is what the standard library says`() {
    var random = SeededGenerator(seed: 17)
    let leads: [UInt8] = [0x41, 0x80, 0xBF, 0xC1, 0xC2, 0xE0, 0xED, 0xEF, 0xF0, 0xF4, 0xF5]
    for _ in 0..<5_000 {
      let bytes = (0..<Int.random(in: 0...6, using: &random)).map { _ in
        Bool.random(using: &random)
          ? leads.randomElement(using: &random) ?? 0 : UInt8.random(in: 0x7E...0xC3, using: &random)
      }
      let isValid = Array(String(decoding: bytes, as: UTF8.self).utf8) == bytes
      var index = 0
      while index < bytes.count,
        case .character(let length) = UTF8Repair.unit(in: bytes[...], at: index)
      { index += length }
      #expect((index == bytes.count) == isValid, "\(bytes)")
      // Splitting at the end of the complete text changes nothing.
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
