/// The first tensor in which differences are larger than rounding explains.
public struct Finding: Encodable, Equatable, Sendable {
  /// The first row, and in it the column that is off by the most ulps.
  public let location: DifferenceLocation
  /// The absolute difference there; 0 where no finite values differ.
  public let difference: Double
  public let valueInA: Double
  public let valueInB: Double
  /// How many times what rounding explains the row is off; nil where a value is finite on one side
  /// alone.
  public let times: Double?
  /// Rows of this tensor and pass that are off by more than rounding explains.
  public let rows: [Int]
  /// Tensors that were compared before this one, all within what rounding explains.
  public let tensorsBefore: Int
}
