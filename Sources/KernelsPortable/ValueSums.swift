import KernelTypes

extension Kernels {
  public static func addWeightedValues(
    weights: UnsafePointer<Float>, values: UnsafeBufferPointer<UnsafePointer<Float>>, panels: Int,
    panelStride: Int, to y: UnsafeMutablePointer<Float>
  ) {
    var start = 0
    while start < values.count {
      let end = min(values.count, start &+ reductionBlock)
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
        a.add(to: y)
        b.add(to: y + laneCount)
        c.add(to: y + 2 &* laneCount)
        d.add(to: y + 3 &* laneCount)
        panel &+= 4
      }
      while panel < panels {
        var sum = Lanes.zero
        for j in start..<end {
          sum.addProduct(Lanes(repeating: weights[j]), (values[j] + panel &* panelStride).lanes())
        }
        sum.add(to: y + panel &* laneCount)
        panel &+= 1
      }
      start = end
    }
  }
}
