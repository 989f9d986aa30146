import KernelTypes

extension Kernels {
  /// Transposes blocks of four rows by four k's in registers; one number at a time, packing takes a
  /// tenth of the time of the product that follows.
  public static func packRows(
    _ source: UnsafePointer<Float>, stride: Int, rows: Int, depth: Int,
    into target: UnsafeMutablePointer<Float>
  ) {
    var row = 0
    while row &+ 4 <= rows {
      packFourRows(source + row &* stride, stride, depth, target + row, rows)
      row &+= 4
    }
    while row < rows {
      let source = source + row &* stride
      let target = target + row
      for k in 0..<depth { target[k &* rows] = source[k] }
      row &+= 1
    }
  }
}

private typealias Four = SIMD4<Float>

@inline(__always)
private func packFourRows(
  _ source: UnsafePointer<Float>, _ stride: Int, _ depth: Int,
  _ target: UnsafeMutablePointer<Float>, _ targetStride: Int
) {
  var (source, target, k) = (source, target, 0)
  while k &+ 4 <= depth {
    let (a, b) = (four(source), four(source + stride))
    let (c, d) = (four(source + 2 &* stride), four(source + 3 &* stride))
    for i in 0..<4 { store(Four(a[i], b[i], c[i], d[i]), target + i &* targetStride) }
    source += 4
    target += 4 &* targetStride
    k &+= 4
  }
  while k < depth {
    for row in 0..<4 { target[row] = source[row &* stride] }
    source += 1
    target += targetStride
    k &+= 1
  }
}

@inline(__always) private func four(_ source: UnsafePointer<Float>) -> Four {
  UnsafeRawPointer(source).loadUnaligned(as: Four.self)
}

@inline(__always) private func store(_ four: Four, _ target: UnsafeMutablePointer<Float>) {
  UnsafeMutableRawPointer(target).storeBytes(of: four, as: Four.self)
}
