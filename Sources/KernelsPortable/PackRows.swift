/// `target[k, row] = source[row, k]`: rows packed as the row tile that `panelProduct` reads in order.
///
/// Goes through blocks of four rows by four k's, which are turned round in registers; one number at a
/// time, packing takes a tenth of the time of the product that follows.
/// - Parameters:
///   - source: `[rows]` rows of `depth` numbers, `stride` floats apart.
///   - target: `[depth][rows]`.
public func packRows(
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
    store(Four(a[0], b[0], c[0], d[0]), target)
    store(Four(a[1], b[1], c[1], d[1]), target + targetStride)
    store(Four(a[2], b[2], c[2], d[2]), target + 2 &* targetStride)
    store(Four(a[3], b[3], c[3], d[3]), target + 3 &* targetStride)
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
