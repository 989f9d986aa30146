/// One row of a recorded tensor.
struct RecordedRow {
  /// The values, of all columns or of those in `columns`.
  var values: [Double]
  /// The columns of `values`, ascending; nil where all are there.
  var columns: [Int]?
  /// Whether the values are logarithms of probabilities, which are logits less a number that is the
  /// same for the whole row.
  var isLogProbability = false
  /// Half the step to which the values were rounded to be stored; 0 where the format of the
  /// elements says all.
  var halfStep = 0.0
}
