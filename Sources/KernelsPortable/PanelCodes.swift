import CKernelSupport
import KernelTypes

/// Four codes of each of 16 output features, unsigned bytes: those of one step (`CodeForm`).
typealias CodeBytes = SIMD16<UInt32>

/// How the kernels read the codes of a group.
protocol PanelCodes {
  static var form: CodeForm { get }
  /// Whether no code is above 127.
  static var areSmall: Bool { get }
  static func codes(_ group: UnsafeRawPointer, step: Int) -> CodeBytes
}

enum Bytes: PanelCodes {
  @inline(__always) static var form: CodeForm { .bytes }
  @inline(__always) static var areSmall: Bool { false }

  @inline(__always) static func codes(_ group: UnsafeRawPointer, step: Int) -> CodeBytes {
    vector(group, step)
  }
}

enum Nibbles: PanelCodes {
  @inline(__always) static var form: CodeForm { .nibbles }
  @inline(__always) static var areSmall: Bool { true }

  @inline(__always) static func codes(_ group: UnsafeRawPointer, step: Int) -> CodeBytes {
    let bytes = vector(group, step & 3)
    return (step < 4 ? bytes : bytes &>> 4) & 0x0F0F_0F0F
  }
}

enum NibblesAndBits: PanelCodes {
  @inline(__always) static var form: CodeForm { .nibblesAndBits }
  @inline(__always) static var areSmall: Bool { true }

  @inline(__always) static func codes(_ group: UnsafeRawPointer, step: Int) -> CodeBytes {
    let bits = vector(group, 4)
    let fifth = step < 4 ? bits &<< UInt32(4 &- step) : bits &>> UInt32(step &- 4)
    return Nibbles.codes(group, step: step) | (fifth & 0x1010_1010)
  }
}

enum NibblesAndPairs: PanelCodes {
  @inline(__always) static var form: CodeForm { .nibblesAndPairs }
  @inline(__always) static var areSmall: Bool { true }

  @inline(__always) static func codes(_ group: UnsafeRawPointer, step: Int) -> CodeBytes {
    let pairs = vector(group, 4 &+ step / 4)
    let shift = 4 &- 2 &* (step & 3)
    let upper = shift >= 0 ? pairs &<< UInt32(shift) : pairs &>> UInt32(-shift)
    return Nibbles.codes(group, step: step) | (upper & 0x3030_3030)
  }
}

enum Pairs: PanelCodes {
  @inline(__always) static var form: CodeForm { .pairs }
  @inline(__always) static var areSmall: Bool { true }

  @inline(__always) static func codes(_ group: UnsafeRawPointer, step: Int) -> CodeBytes {
    (vector(group, step / 4) &>> UInt32(2 &* (step & 3))) & 0x0303_0303
  }
}

enum PairsAndBits: PanelCodes {
  @inline(__always) static var form: CodeForm { .pairsAndBits }
  @inline(__always) static var areSmall: Bool { true }

  @inline(__always) static func codes(_ group: UnsafeRawPointer, step: Int) -> CodeBytes {
    let bits = vector(group, 2)
    let third = step < 2 ? bits &<< UInt32(2 &- step) : bits &>> UInt32(step &- 2)
    return Pairs.codes(group, step: step) | (third & 0x0404_0404)
  }
}

/// Nibbles that are indexes of a table (`iq4Values`); the codes are its entries plus 128.
enum TableNibbles: PanelCodes {
  @inline(__always) static var form: CodeForm { .nibbles }
  @inline(__always) static var areSmall: Bool { false }

  @inline(__always) static func codes(_ group: UnsafeRawPointer, step: Int) -> CodeBytes {
    kernel_looked_up(Nibbles.codes(group, step: step), iq4Codes)
  }
}

@inline(__always) private func vector(_ group: UnsafeRawPointer, _ index: Int) -> CodeBytes {
  (group + index &* 64).loadUnaligned(as: CodeBytes.self)
}
