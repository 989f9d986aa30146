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
  func pack(_ codes: SIMD32<UInt8>, lane: Int, into group: UnsafeMutableRawPointer) {
    func word(_ value: UInt32, _ vector: Int) {
      group.storeBytes(of: value, toByteOffset: vector &* 64 &+ lane &* 4, as: UInt32.self)
    }
    func nibbles() {
      let bytes = (codes.lowHalf & 15) | codes.highHalf &<< 4
      let words = unsafeBitCast(bytes, to: SIMD4<UInt32>.self)
      for vector in 0..<4 { word(words[vector], vector) }
    }
    // Step by step, four codes each.
    let steps = unsafeBitCast(codes, to: SIMD8<UInt32>.self)
    /// One bit of each code, from vector `first` on.
    func bits(_ bit: UInt32, from first: Int) {
      var word0: UInt32 = 0
      for step in 0..<8 { word0 |= (steps[step] &>> bit & 0x0101_0101) &<< UInt32(step) }
      word(word0, first)
    }
    /// Two bits of each code.
    func pairs(_ bit: UInt32, from first: Int) {
      for vector in 0..<2 {
        var value: UInt32 = 0
        for step in 0..<4 {
          value |= (steps[vector &* 4 &+ step] &>> bit & 0x0303_0303) &<< UInt32(step &* 2)
        }
        word(value, first &+ vector)
      }
    }
    switch self {
    case .bytes:
      for step in 0..<8 { word(steps[step], step) }
    case .nibbles:
      nibbles()
    case .nibblesAndBits:
      nibbles()
      bits(4, from: 4)
    case .nibblesAndPairs:
      nibbles()
      pairs(4, from: 4)
    case .pairs:
      pairs(0, from: 0)
    case .pairsAndBits:
      pairs(0, from: 0)
      bits(2, from: 2)
    }
  }
}
