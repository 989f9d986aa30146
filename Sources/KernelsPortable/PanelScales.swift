import CKernelSupport
import KernelTypes

/// How the kernels read the scales of a block (`ScaleForm`): `init` what its groups share, then the
/// scales and offsets group by group.
protocol PanelScales {
  static var form: ScaleForm { get }
  init(_ block: UnsafeRawPointer)
  func scale(_ block: UnsafeRawPointer, group: Int, half: Int) -> Lanes
  /// Zero in forms without offsets.
  func offset(_ block: UnsafeRawPointer, group: Int, half: Int) -> Lanes
}

extension PanelScales {
  @inline(__always)
  func offset(_ block: UnsafeRawPointer, group: Int, half: Int) -> Lanes { .zero }
}

struct HalfScales: PanelScales {
  @inline(__always) static var form: ScaleForm { .halves }
  @inline(__always) init(_ block: UnsafeRawPointer) {}

  @inline(__always)
  func scale(_ block: UnsafeRawPointer, group: Int, half: Int) -> Lanes {
    halves(block + group &* 32)
  }
}

struct HalfScalesAndOffsets: PanelScales {
  @inline(__always) static var form: ScaleForm { .halvesAndOffsets }
  @inline(__always) init(_ block: UnsafeRawPointer) {}

  @inline(__always)
  func scale(_ block: UnsafeRawPointer, group: Int, half: Int) -> Lanes {
    halves(block + group &* 64)
  }

  @inline(__always)
  func offset(_ block: UnsafeRawPointer, group: Int, half: Int) -> Lanes {
    halves(block + (group &* 64 &+ 32))
  }
}

struct Steps: PanelScales {
  private let d: Lanes
  @inline(__always) static var form: ScaleForm { .steps }
  @inline(__always) init(_ block: UnsafeRawPointer) { d = halves(block) }

  @inline(__always)
  func scale(_ block: UnsafeRawPointer, group: Int, half: Int) -> Lanes {
    d * integers(block + (64 &+ group &* 16))
  }
}

struct StepsAndMinima: PanelScales {
  private let d: Lanes
  private let negativeMinimum: Lanes
  @inline(__always) static var form: ScaleForm { .stepsAndMinima }

  @inline(__always) init(_ block: UnsafeRawPointer) {
    d = halves(block)
    negativeMinimum = halves(block + 32) * Lanes(repeating: -1)
  }

  @inline(__always)
  func scale(_ block: UnsafeRawPointer, group: Int, half: Int) -> Lanes {
    d * integers(block + (64 &+ group &* 32))
  }

  @inline(__always)
  func offset(_ block: UnsafeRawPointer, group: Int, half: Int) -> Lanes {
    negativeMinimum * integers(block + (80 &+ group &* 32))
  }
}

struct FineSteps: PanelScales {
  private let d: Lanes
  @inline(__always) static var form: ScaleForm { .fineSteps }
  @inline(__always) init(_ block: UnsafeRawPointer) { d = halves(block) }

  @inline(__always)
  func scale(_ block: UnsafeRawPointer, group: Int, half: Int) -> Lanes {
    d * integers(block + (64 &+ group &* 32 &+ half &* 16))
  }
}

struct FineStepsAndMinima: PanelScales {
  private let d: Lanes
  private let negativeMinimum: Lanes
  @inline(__always) static var form: ScaleForm { .fineStepsAndMinima }

  @inline(__always) init(_ block: UnsafeRawPointer) {
    d = halves(block)
    negativeMinimum = halves(block + 32) * Lanes(repeating: -1)
  }

  @inline(__always)
  func scale(_ block: UnsafeRawPointer, group: Int, half: Int) -> Lanes {
    d * kernel_floats(signed(bytes(block, group, half) & 15))
  }

  @inline(__always)
  func offset(_ block: UnsafeRawPointer, group: Int, half: Int) -> Lanes {
    negativeMinimum * kernel_floats(signed((bytes(block, group, half) &>> 4) & 15))
  }

  @inline(__always)
  private func bytes(_ block: UnsafeRawPointer, _ group: Int, _ half: Int) -> CodeBytes {
    let bytes = (block + (64 &+ group &* 32 &+ half &* 16)).loadUnaligned(as: SIMD16<Int8>.self)
    return unsafeBitCast(kernel_widened(bytes), to: CodeBytes.self)
  }
}

/// Sixteen binary16 numbers.
@inline(__always) private func halves(_ source: UnsafeRawPointer) -> Lanes {
  kernel_floats_of_halves(source.loadUnaligned(as: SIMD16<UInt16>.self))
}

/// Sixteen signed bytes.
@inline(__always) private func integers(_ source: UnsafeRawPointer) -> Lanes {
  kernel_floats(kernel_widened(source.loadUnaligned(as: SIMD16<Int8>.self)))
}

@inline(__always) func signed(_ integers: SIMD16<UInt32>) -> SIMD16<Int32> {
  unsafeBitCast(integers, to: SIMD16<Int32>.self)
}
