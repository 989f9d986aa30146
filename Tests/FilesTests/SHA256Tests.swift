import TestSupport
import Testing

@testable import Files

/// The examples of FIPS 180-4 (NIST, "Examples with Intermediate Values"), and pieces of any size.
struct SHA256Tests {
  struct Example: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let bytes: [UInt8]
    let digest: String

    init(_ name: String, _ bytes: some Sequence<UInt8>, _ digest: String) {
      testDescription = name
      self.bytes = Array(bytes)
      self.digest = digest
    }
  }

  static let examples = [
    Example(
      "no bytes", [],
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    Example(
      "one block", "abc".utf8,
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    Example(
      "two blocks", "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq".utf8,
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"),
    Example(
      "896 bits",
      ("abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmn"
        + "hijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu").utf8,
      "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"),
    Example(
      "a million times a", repeatElement(UInt8(ascii: "a"), count: 1_000_000),
      "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"),
  ]

  @Test(arguments: examples)
  func `the digests of the standard's examples are the standard's`(_ example: Example) {
    var hash = SHA256()
    hash.update(example.bytes)
    #expect(hash.hexDigest == example.digest)
  }

  @Test(arguments: 0..<20 as Range<UInt64>)
  func `it does not matter how the bytes are cut into pieces`(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let bytes = (0..<Int.random(in: 0...400, using: &generator)).map { _ in
      UInt8.random(in: 0...255, using: &generator)
    }
    var whole = SHA256()
    whole.update(bytes)
    var pieces = SHA256()
    var start = 0
    while start < bytes.count {
      let end = min(bytes.count, start + Int.random(in: 0...130, using: &generator))
      pieces.update(Array(bytes[start..<end]))
      start = end
    }
    #expect(pieces.digest == whole.digest)
  }

  @Test func `a copy keeps the digest of what had come`() {
    var hash = SHA256()
    hash.update(Array("abc".utf8))
    let copy = hash
    hash.update(Array("def".utf8))
    #expect(copy.hexDigest == Self.examples[1].digest)
    #expect(hash.digest != copy.digest)
  }

  @Test func `numbers count as their little-endian binary32 bytes`() {
    var numbers = SHA256()
    numbers.update([0, 1, -2.5][...])
    var bytes = SHA256()
    bytes.update([0, 0, 0, 0, 0, 0, 0x80, 0x3F, 0, 0, 0x20, 0xC0])
    #expect(numbers.digest == bytes.digest)
  }
}
