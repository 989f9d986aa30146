import Llama
import Testing

@testable import Oracle

/// Digests of rows of logits.
struct LogitsDigestTests {
  private static func digest(_ rows: [[Float]]) -> LogitsDigest {
    var digest = LogitsDigest()
    for row in rows { digest.append(row[...]) }
    return digest
  }

  @Test func `the first row that differs is named, and zero is not minus zero`() {
    let digest = Self.digest([[1, 2], [0, 3], [4, 5]])
    #expect(digest.firstDifference(from: Self.digest([[1, 2], [0, 3], [4, 5]])) == nil)
    #expect(digest.firstDifference(from: Self.digest([[1, 2], [-0.0, 3], [4, 5]])) == 1)
    #expect(digest.firstDifference(from: Self.digest([[1, 2], [0, 3]])) == 2)
    #expect(digest != Self.digest([[1, 2], [0, 3], [4, (5 as Float).nextUp]]))
  }

  @Test func `its digits are those of the bytes of all rows`() {
    // printf '\0\0\x80\x3f\0\0\0\x40' | sha256sum
    let expected = "b9c80b5adeca450753a16950c3cc655d271f7bef7a485bc83f112b72fef21d37"
    #expect(Self.digest([[1], [2]]).hexDigest == expected)
    #expect(Self.digest([[1, 2]]).hexDigest == expected)
  }

  @Test(
    arguments: [
      ([1, 2, 3], [1, 2, 3], nil), ([1, 2], [1, 3], 1), ([1], [1, 2], 1), ([], [], nil),
      ([1], [], 0),
    ] as [([Int], [Int], Int?)])
  func `the first difference is found`(a: [Int], b: [Int], index: Int?) {
    #expect(LogitsDigest.firstDifference(a, b) == index)
  }
}
