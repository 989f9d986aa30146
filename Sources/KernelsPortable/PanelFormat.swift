import CKernelSupport
import KernelTypes

/// The weights of four neighbouring k's.
struct FourWeights {
  var first, second, third, fourth: Lanes

  @inline(__always) init(_ first: Lanes, _ second: Lanes, _ third: Lanes, _ fourth: Lanes) {
    (self.first, self.second, self.third, self.fourth) = (first, second, third, fourth)
  }
}

/// How the kernels read the weights of a storage other than float32 as `Float`s, half a group at a time.
protocol PanelFormat {
  /// k's in one group.
  static var groupDepth: Int { get }
  static var groupsPerBlock: Int { get }
  static var blockBytes: Int { get }
  /// Halves of a group that have scales of their own, and steps of four k's in each.
  static var halves: Int { get }
  static var stepsPerHalf: Int { get }
  /// What is loaded once for half a group.
  associatedtype Scales
  static func scales(
    _ block: UnsafeRawPointer, group: Int, half: Int, codeOffset: Float
  ) -> Scales
  /// The weights of one step; a weight of zero may have the other sign, which changes no sum.
  static func weights(
    _ block: UnsafeRawPointer, group: Int, half: Int, _ scales: Scales, _ step: Int
  ) -> FourWeights
  /// The same, with the sign of zero.
  static func signedWeights(
    _ block: UnsafeRawPointer, group: Int, half: Int, _ scales: Scales, _ step: Int,
    codeOffset: Float
  ) -> FourWeights
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
  @inline(__always) static var halves: Int { 1 }
  @inline(__always) static var stepsPerHalf: Int { 1 }
  @inline(__always)
  static func scales(_ block: UnsafeRawPointer, group: Int, half: Int, codeOffset: Float) {}

  @inline(__always)
  static func weights(
    _ block: UnsafeRawPointer, group: Int, half: Int, _: Void, _ step: Int
  ) -> FourWeights {
    let first = numbers(block.loadUnaligned(as: SIMD16<UInt32>.self))
    let second = numbers((block + 64).loadUnaligned(as: SIMD16<UInt32>.self))
    return FourWeights(first.low, first.high, second.low, second.high)
  }

  @inline(__always)
  static func signedWeights(
    _ block: UnsafeRawPointer, group: Int, half: Int, _: Void, _ step: Int, codeOffset: Float
  ) -> FourWeights {
    weights(block, group: group, half: half, (), step)
  }
}

/// The upper halves of float32 numbers.
enum BFloat16Panels: HalfWordFormat {
  @inline(__always) static func numbers(_ words: SIMD16<UInt32>) -> (low: Lanes, high: Lanes) {
    (
      unsafeBitCast(words &<< 16, to: Lanes.self),
      unsafeBitCast(words & 0xFFFF_0000, to: Lanes.self)
    )
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
  @inline(__always) static var halves: Int { 2 }
  @inline(__always) static var stepsPerHalf: Int { 4 }

  /// `weight = code · scale + offset`. Where the format has no offset it is `-codeOffset · scale`, exactly:
  /// then the sum is rounded once, as `(code - codeOffset) · scale` is.
  struct Scales {
    let scale: Lanes
    let offset: Lanes
  }

  @inline(__always)
  static func scales(
    _ block: UnsafeRawPointer, group: Int, half: Int, codeOffset: Float
  ) -> Scales {
    let shared = BlockScales(block)
    let part = BlockScales.form.scalesPerGroup == 2 ? half : 0
    let scale = shared.scale(block, group: group, half: part)
    return Scales(
      scale: scale,
      offset: BlockScales.form.hasOffsets
        ? shared.offset(block, group: group, half: part)
        : scale * Lanes(repeating: 0 - codeOffset))
  }

  @inline(__always)
  private static func numbers(
    _ block: UnsafeRawPointer, _ group: Int, _ half: Int, _ step: Int
  ) -> FourWeights {
    let group = block + (BlockScales.form.headerBytes &+ group &* Codes.form.byteCount)
    let codes = Codes.codes(group, half: half, step)
    return FourWeights(
      kernel_floats(signed(codes & 255)), kernel_floats(signed((codes &>> 8) & 255)),
      kernel_floats(signed((codes &>> 16) & 255)), kernel_floats(signed(codes &>> 24)))
  }

  @inline(__always)
  static func weights(
    _ block: UnsafeRawPointer, group: Int, half: Int, _ scales: Scales, _ step: Int
  ) -> FourWeights {
    let codes = numbers(block, group, half, step)
    return FourWeights(
      scales.offset.addingProduct(codes.first, scales.scale),
      scales.offset.addingProduct(codes.second, scales.scale),
      scales.offset.addingProduct(codes.third, scales.scale),
      scales.offset.addingProduct(codes.fourth, scales.scale))
  }

  @inline(__always)
  static func signedWeights(
    _ block: UnsafeRawPointer, group: Int, half: Int, _ scales: Scales, _ step: Int,
    codeOffset: Float
  ) -> FourWeights {
    if BlockScales.form.hasOffsets {
      return weights(block, group: group, half: half, scales, step)
    }
    let codes = numbers(block, group, half, step)
    let subtracted = Lanes(repeating: 0 - codeOffset)
    return FourWeights(
      (codes.first + subtracted) * scales.scale, (codes.second + subtracted) * scales.scale,
      (codes.third + subtracted) * scales.scale, (codes.fourth + subtracted) * scales.scale)
  }
}
