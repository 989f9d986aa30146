import KernelTypes

public enum IntegerKernels: IntegerKernelSet {
  /// Eight rows have 8 sums over blocks and, in two planes, 16 of a group, in thirty-two registers.
  @inline(__always) public static var maximumTileRows: Int { 8 }
}
