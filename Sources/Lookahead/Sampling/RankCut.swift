import Llama

/// Where a ranking of tokens is cut off: all before the cut are kept.
///
/// Tokens rank by logit, the largest first; equal logits by id, the lowest first. The cut is found by
/// radix selection on the logits' bits: one pass over the vocabulary and two over ever fewer tokens.
struct RankCut {
  /// `key(_:)` of the logit of the last token that is kept.
  private let key: UInt32
  /// The tokens with exactly this logit that are not kept.
  private let dropped: ArraySlice<TokenID>

  /// Cuts after the first token with which the weight of those kept reaches `target`; keeps all
  /// where it never does.
  ///
  /// Weights are added in Double: first within each group of logits that share their leading 11
  /// (then 22, then 32) bits, by id, then group by group from the largest logits down. So the cut
  /// has one value on every machine.
  /// - Parameter weight: of each token; equal where logits are equal, never negative.
  @inline(__always)
  init(_ logits: [Float], reaching target: Double, weight: (TokenID) -> Double) {
    var prefix: UInt32 = 0
    var above = 0.0
    var members: [TokenID] = []
    for (level, (shift, digits)) in [(21, 2_048), (10, 2_048), (0, 1_024)].enumerated() {
      var sums = [Double](repeating: 0, count: digits)
      let mask = UInt32(digits - 1)
      if level == 0 {
        for token in logits.indices {
          sums[Int(Self.key(logits[token]) >> 21)] += weight(token)
        }
      } else {
        for token in members {
          sums[Int(Self.key(logits[token]) >> UInt32(shift) & mask)] += weight(token)
        }
      }
      var digit = digits - 1
      while digit > 0, above + sums[digit] < target {
        above += sums[digit]
        digit -= 1
      }
      prefix |= UInt32(digit) << UInt32(shift)
      if level == 0 {
        members = logits.indices.filter { Self.key(logits[$0]) >> 21 == prefix >> 21 }
      } else {
        members.removeAll { Self.key(logits[$0]) >> UInt32(shift) != prefix >> UInt32(shift) }
      }
    }
    key = prefix
    var kept = 0
    for token in members where above < target {
      above += weight(token)
      kept += 1
    }
    dropped = members[kept...]
  }

  /// Forbids all tokens after the cut.
  func apply(to logits: inout [Float]) {
    for token in logits.indices {
      // Branchless: the condition is unpredictable.
      logits[token] = Self.key(logits[token]) < key ? -.infinity : logits[token]
    }
    for token in dropped { logits[token] = -.infinity }
  }

  /// A whole number that compares as the logit does.
  @inline(__always)
  private static func key(_ logit: Float) -> UInt32 {
    let bits = (logit + 0).bitPattern  // -0 + 0 = +0: the zeros are equal.
    return bits & 0x8000_0000 == 0 ? bits | 0x8000_0000 : ~bits
  }
}
