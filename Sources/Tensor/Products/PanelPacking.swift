import KernelTypes

extension ScaleForm {
  /// Writes the scales of one row's group into the header of a block.
  /// - Parameter place: the number of the group in its block.
  func pack(_ group: QuantisedGroup, at place: Int, lane: Int, into block: UnsafeMutableRawPointer)
  {
    func half(_ value: UInt16, _ offset: Int) {
      block.storeBytes(of: value, toByteOffset: offset &+ lane &* 2, as: UInt16.self)
    }
    func byte(_ value: UInt8, _ offset: Int) {
      block.storeBytes(of: value, toByteOffset: offset &+ lane, as: UInt8.self)
    }
    let steps = (UInt8(bitPattern: group.steps.0), UInt8(bitPattern: group.steps.1))
    switch self {
    case .halves:
      half(group.scale, place &* 32)
    case .halvesAndOffsets:
      half(group.scale, place &* 64)
      half(group.offset, place &* 64 &+ 32)
    case .steps:
      half(group.scale, 0)
      byte(steps.0, 64 &+ place &* 16)
    case .stepsAndMinima:
      half(group.scale, 0)
      half(group.offset, 32)
      byte(steps.0, 64 &+ place &* 32)
      byte(group.minima.0, 80 &+ place &* 32)
    case .fineSteps:
      half(group.scale, 0)
      byte(steps.0, 64 &+ place &* 32)
      byte(steps.1, 80 &+ place &* 32)
    case .fineStepsAndMinima:
      half(group.scale, 0)
      half(group.offset, 32)
      byte(steps.0 | group.minima.0 &<< 4, 64 &+ place &* 32)
      byte(steps.1 | group.minima.1 &<< 4, 80 &+ place &* 32)
    }
  }
}

extension CodeForm {
  /// Writes the codes of one row's group.
  @inline(__always)
  func pack(_ codes: GroupCodes, lane: Int, into group: UnsafeMutableRawPointer) {
    let target = GroupTarget(codes: codes, first: group + lane &* 4)
    switch self {
    case .bytes:
      target.writeBytes()
    case .nibbles:
      target.writeNibbles()
    case .nibblesAndBits:
      target.writeNibbles()
      target.writeBits(4, to: 4)
    case .nibblesAndPairs:
      target.writeNibbles()
      target.writePairs(4, to: 4)
    case .pairs:
      target.writePairs(0, to: 0)
    case .pairsAndBits:
      target.writePairs(0, to: 0)
      target.writeBits(2, to: 2)
    }
  }
}

/// Where the words of one row's group go: one in each vector of 64 bytes.
private struct GroupTarget {
  let codes: GroupCodes
  let first: UnsafeMutableRawPointer

  @inline(__always) private func write(_ word: UInt32, _ vector: Int) {
    first.storeBytes(of: word, toByteOffset: vector &* 64, as: UInt32.self)
  }

  @inline(__always) func writeBytes() {
    for step in 0..<8 { write(codes.word(step), step) }
  }

  /// The lower four bits of each code.
  @inline(__always) func writeNibbles() {
    for step in 0..<4 {
      write(codes.word(step) & 0x0F0F_0F0F | (codes.word(step &+ 4) & 0x0F0F_0F0F) &<< 4, step)
    }
  }

  /// Two bits of each code, from bit `bit` on.
  @inline(__always) func writePairs(_ bit: UInt32, to vector: Int) {
    for half in 0..<2 {
      var word: UInt32 = 0
      for step in 0..<4 {
        word |= (codes.word(half &* 4 &+ step) &>> bit & 0x0303_0303) &<< UInt32(2 &* step)
      }
      write(word, vector &+ half)
    }
  }

  /// One bit of each code.
  @inline(__always) func writeBits(_ bit: UInt32, to vector: Int) {
    var word: UInt32 = 0
    for step in 0..<8 { word |= (codes.word(step) &>> bit & 0x0101_0101) &<< UInt32(step) }
    write(word, vector)
  }
}
