import CKernelSupport
import KernelTypes

/// Four codes of each of 16 output features, unsigned bytes: those of one step (`CodeForm`).
typealias CodeBytes = SIMD16<UInt32>

/// How the kernels read the codes of a group.
///
/// A step is given by its half of the group, which the compiler must know, and its number in it, 0 … 3,
/// which may be a variable.
protocol PanelCodes {
  static var form: CodeForm { get }
  /// Whether no code is above 127.
  static var areSmall: Bool { get }
  static func codes(_ group: UnsafeRawPointer, half: Int, _ step: Int) -> CodeBytes
}

enum Bytes: PanelCodes {
  @inline(__always) static var form: CodeForm { .bytes }
  @inline(__always) static var areSmall: Bool { false }

  @inline(__always)
  static func codes(_ group: UnsafeRawPointer, half: Int, _ step: Int) -> CodeBytes {
    vector(group, 4 &* half &+ step)
  }
}

enum Nibbles: PanelCodes {
  @inline(__always) static var form: CodeForm { .nibbles }
  @inline(__always) static var areSmall: Bool { true }

  @inline(__always)
  static func codes(_ group: UnsafeRawPointer, half: Int, _ step: Int) -> CodeBytes {
    let bytes = vector(group, step)
    return (half == 0 ? bytes : bytes &>> 4) & 0x0F0F_0F0F
  }
}

enum NibblesAndBits: PanelCodes {
  @inline(__always) static var form: CodeForm { .nibblesAndBits }
  @inline(__always) static var areSmall: Bool { true }

  @inline(__always)
  static func codes(_ group: UnsafeRawPointer, half: Int, _ step: Int) -> CodeBytes {
    let fifth = bits(vector(group, 4), half: half, step)
    return Nibbles.codes(group, half: half, step) | fifth &<< 4
  }
}

enum NibblesAndPairs: PanelCodes {
  @inline(__always) static var form: CodeForm { .nibblesAndPairs }
  @inline(__always) static var areSmall: Bool { true }

  @inline(__always)
  static func codes(_ group: UnsafeRawPointer, half: Int, _ step: Int) -> CodeBytes {
    let upper = pairs(vector(group, 4 &+ half), step)
    return Nibbles.codes(group, half: half, step) | upper &<< 4
  }
}

enum Pairs: PanelCodes {
  @inline(__always) static var form: CodeForm { .pairs }
  @inline(__always) static var areSmall: Bool { true }

  @inline(__always)
  static func codes(_ group: UnsafeRawPointer, half: Int, _ step: Int) -> CodeBytes {
    pairs(vector(group, half), step)
  }
}

enum PairsAndBits: PanelCodes {
  @inline(__always) static var form: CodeForm { .pairsAndBits }
  @inline(__always) static var areSmall: Bool { true }

  @inline(__always)
  static func codes(_ group: UnsafeRawPointer, half: Int, _ step: Int) -> CodeBytes {
    let third = bits(vector(group, 2), half: half, step)
    return pairs(vector(group, half), step) | third &<< 2
  }
}

/// Nibbles that are indexes of a table (`iq4Values`); the codes are its entries plus 128.
enum TableNibbles: PanelCodes {
  @inline(__always) static var form: CodeForm { .nibbles }
  @inline(__always) static var areSmall: Bool { false }

  @inline(__always)
  static func codes(_ group: UnsafeRawPointer, half: Int, _ step: Int) -> CodeBytes {
    kernel_looked_up(Nibbles.codes(group, half: half, step), iq4Codes)
  }
}

@inline(__always) private func vector(_ group: UnsafeRawPointer, _ index: Int) -> CodeBytes {
  (group + index &* 64).loadUnaligned(as: CodeBytes.self)
}

/// A single bit of each byte.
@inline(__always) private func bits(_ all: CodeBytes, half: Int, _ step: Int) -> CodeBytes {
  (all &>> UInt32(truncatingIfNeeded: 4 &* half &+ step)) & 0x0101_0101
}

/// Two bits of each byte.
@inline(__always) private func pairs(_ all: CodeBytes, _ step: Int) -> CodeBytes {
  (all &>> UInt32(truncatingIfNeeded: 2 &* step)) & 0x0303_0303
}
