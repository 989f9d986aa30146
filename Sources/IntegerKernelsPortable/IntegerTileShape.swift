import KernelTypes

public enum IntegerKernels: IntegerKernelSet {
  /// Without 512-bit registers a vector of sums takes two to four of sixteen.
  @inline(__always) public static var maximumTileRows: Int { 4 }
}
