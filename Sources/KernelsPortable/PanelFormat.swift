import CKernelSupport
import KernelTypes

/// The weights of four neighbouring k's.
struct FourWeights {
  var first, second, third, fourth: Lanes

  @inline(__always) init(_ first: Lanes, _ second: Lanes, _ third: Lanes, _ fourth: Lanes) {
    (self.first, self.second, self.third, self.fourth) = (first, second, third, fourth)
  }
}

/// How the kernels read the weights of a storage other than float32 as `Float`s.
protocol PanelFormat {
  /// k's in one group, a multiple of four.
  static var groupDepth: Int { get }
  static var groupsPerBlock: Int { get }
  static var blockBytes: Int { get }
  /// What is loaded once for a group.
  associatedtype Scales
  static func scales(_ block: UnsafeRawPointer, group: Int, codeOffset: Float) -> Scales
  /// The weights of the k's `4 * step …` of a group; a weight of zero may have the other sign, which
  /// changes no sum.
  static func weights(
    _ block: UnsafeRawPointer, group: Int, _ scales: Scales, step: Int
  ) -> FourWeights
  /// The same, with the sign of zero.
  static func signedWeights(
    _ block: UnsafeRawPointer, group: Int, _ scales: Scales, step: Int, codeOffset: Float
  ) -> FourWeights
}

extension PanelFormat {
  /// Written out, since where the codes of a step are depends on its number, which the compiler must
  /// know.
  @inline(__always) static func forEachStep(_ body: (_ step: Int) -> Void) {
    body(0)
    if groupDepth == 4 { return }
    body(1)
    body(2)
    body(3)
    body(4)
    body(5)
    body(6)
    body(7)
  }
}

/// The formats of 16 bits: a group is four k's.
protocol HalfWordFormat: PanelFormat where Scales == Void {
  /// The numbers in the low and in the high halves of some words.
  static func numbers(_ words: SIMD16<UInt32>) -> (low: Lanes, high: Lanes)
}

extension HalfWordFormat {
  @inline(__always) static var groupDepth: Int { 4 }
  @inline(__always) static var groupsPerBlock: Int { 1 }
  @inline(__always) static var blockBytes: Int { 128 }
  @inline(__always)
  static func scales(_ block: UnsafeRawPointer, group: Int, codeOffset: Float) {}

  @inline(__always)
  static func weights(_ block: UnsafeRawPointer, group: Int, _: Void, step: Int) -> FourWeights {
    let first = numbers(block.loadUnaligned(as: SIMD16<UInt32>.self))
    let second = numbers((block + 64).loadUnaligned(as: SIMD16<UInt32>.self))
    return FourWeights(first.low, first.high, second.low, second.high)
  }

  @inline(__always)
  static func signedWeights(
    _ block: UnsafeRawPointer, group: Int, _: Void, step: Int, codeOffset: Float
  ) -> FourWeights {
    weights(block, group: group, (), step: step)
  }
}

/// The upper halves of float32 numbers.
enum BFloat16Panels: HalfWordFormat {
  @inline(__always) static func numbers(_ words: SIMD16<UInt32>) -> (low: Lanes, high: Lanes) {
    (unsafeBitCast(words &<< 16, to: Lanes.self), unsafeBitCast(words & 0xFFFF_0000, to: Lanes.self))
  }
}

/// IEEE binary16.
enum Float16Panels: HalfWordFormat {
  @inline(__always) static func numbers(_ words: SIMD16<UInt32>) -> (low: Lanes, high: Lanes) {
    (float16(words & 0xFFFF), float16(words &>> 16))
  }
}

/// The block formats.
enum BlockPanels<Codes: PanelCodes, BlockScales: PanelScales>: PanelFormat {
  @inline(__always) static var groupDepth: Int { 32 }
  @inline(__always) static var groupsPerBlock: Int { BlockScales.form.groupsPerBlock }
  @inline(__always) static var blockBytes: Int { BlockScales.form.blockBytes(Codes.form) }

  /// `weight = code · scale + offset`, of each half of the group. Where the format has no offset it is
  /// `-codeOffset · scale`, exactly: then the sum is rounded once, as `(code - codeOffset) · scale` is.
  struct Scales {
    var scales: (Lanes, Lanes)
    var offsets: (Lanes, Lanes)
  }

  @inline(__always) static func codes(_ block: UnsafeRawPointer, group: Int) -> UnsafeRawPointer {
    block + (BlockScales.form.headerBytes &+ group &* Codes.form.byteCount)
  }

  @inline(__always)
  static func scales(_ block: UnsafeRawPointer, group: Int, codeOffset: Float) -> Scales {
    let shared = BlockScales(block)
    let factor = Lanes(repeating: 0 - codeOffset)
    func pair(_ half: Int) -> (Lanes, Lanes) {
      let scale = shared.scale(block, group: group, half: half)
      let hasOffsets = BlockScales.form.hasOffsets
      return (
        scale, hasOffsets ? shared.offset(block, group: group, half: half) : scale * factor
      )
    }
    let first = pair(0)
    let second = BlockScales.form.scalesPerGroup == 2 ? pair(1) : first
    return Scales(scales: (first.0, second.0), offsets: (first.1, second.1))
  }

  @inline(__always)
  static func weights(
    _ block: UnsafeRawPointer, group: Int, _ scales: Scales, step: Int
  ) -> FourWeights {
    let codes = Codes.codes(codes(block, group: group), step: step)
    let scale = step < 4 ? scales.scales.0 : scales.scales.1
    let offset = step < 4 ? scales.offsets.0 : scales.offsets.1
    return FourWeights(
      offset.addingProduct(number(codes & 255), scale),
      offset.addingProduct(number((codes &>> 8) & 255), scale),
      offset.addingProduct(number((codes &>> 16) & 255), scale),
      offset.addingProduct(number(codes &>> 24), scale))
  }

  @inline(__always)
  static func signedWeights(
    _ block: UnsafeRawPointer, group: Int, _ scales: Scales, step: Int, codeOffset: Float
  ) -> FourWeights {
    if BlockScales.form.hasOffsets {
      return weights(block, group: group, scales, step: step)
    }
    let codes = Codes.codes(codes(block, group: group), step: step)
    let scale = step < 4 ? scales.scales.0 : scales.scales.1
    let subtracted = Lanes(repeating: 0 - codeOffset)
    return FourWeights(
      (number(codes & 255) + subtracted) * scale,
      (number((codes &>> 8) & 255) + subtracted) * scale,
      (number((codes &>> 16) & 255) + subtracted) * scale,
      (number(codes &>> 24) + subtracted) * scale)
  }

  @inline(__always) private static func number(_ code: SIMD16<UInt32>) -> Lanes {
    kernel_floats(signed(code))
  }
}
