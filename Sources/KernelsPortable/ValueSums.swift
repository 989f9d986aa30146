/// `y[d] += Σ_j weights[j] · value(j)[d]` for one query: the end of its list of visible keys, which
/// no other query shares.
///
/// The same order as `panelProduct`: fused chains of `reductionBlock` terms, from zero, ascending,
/// each then added to `y`. The list continues one whose length was a multiple of `reductionBlock`.
///
/// - Parameters:
///   - weights: softmax numerators, `[count]`.
///   - values: where each key's value starts in its panels; its 16 values of head dimensions
///     `16 p ..< 16 p + 16` stand `p * panelStride` floats further.
///   - y: `panels * laneCount` sums.
public func addWeightedValues(
  weights: UnsafePointer<Float>, values: UnsafePointer<UnsafePointer<Float>>, count: Int,
  panels: Int, panelStride: Int, to y: UnsafeMutablePointer<Float>
) {
  var start = 0
  while start < count {
    let end = min(count, start &+ reductionBlock)
    var panel = 0
    // Four chains at a time: one alone would wait for its own multiply-add.
    while panel &+ 4 <= panels {
      let offset = panel &* panelStride
      var (a, b, c, d) = (Lanes.zero, Lanes.zero, Lanes.zero, Lanes.zero)
      for j in start..<end {
        let value = values[j] + offset
        let weight = Lanes(repeating: weights[j])
        a.addProduct(weight, value.lanes())
        b.addProduct(weight, (value + panelStride).lanes())
        c.addProduct(weight, (value + 2 &* panelStride).lanes())
        d.addProduct(weight, (value + 3 &* panelStride).lanes())
      }
      let y = y + panel &* laneCount
      y.store(y.lanes() + a)
      (y + laneCount).store((y + laneCount).lanes() + b)
      (y + 2 &* laneCount).store((y + 2 &* laneCount).lanes() + c)
      (y + 3 &* laneCount).store((y + 3 &* laneCount).lanes() + d)
      panel &+= 4
    }
    while panel < panels {
      var sum = Lanes.zero
      for j in start..<end {
        sum.addProduct(Lanes(repeating: weights[j]), (values[j] + panel &* panelStride).lanes())
      }
      let y = y + panel &* laneCount
      y.store(y.lanes() + sum)
      panel &+= 1
    }
    start = end
  }
}
