import ArgumentParser
import Lookahead

/// "1:18.3,8:23.5": milliseconds by rows.
extension CostCurve {
  init(list: String) throws {
    var points: [Point] = []
    for part in list.split(separator: ",", omittingEmptySubsequences: false) {
      let pair = part.split(separator: ":", omittingEmptySubsequences: false)
      guard pair.count == 2, let rows = Int(pair[0]), let milliseconds = Double(pair[1]) else {
        throw ValidationError("'\(part)' is not a number of rows, a colon and milliseconds.")
      }
      let allowed = Self.allowedMilliseconds
      guard allowed.contains(milliseconds) else {
        throw ValidationError(
          "\(pair[1]) milliseconds are not from \(allowed.lowerBound) to \(allowed.upperBound.short)."
        )
      }
      points.append(Point(rows: rows, milliseconds: milliseconds))
    }
    guard let curve = Self(points) else {
      throw ValidationError("The rows must begin with 1 and ascend.")
    }
    self = curve
  }

  var description: String {
    points.map { "\($0.rows):\($0.milliseconds)" }.joined(separator: ",")
  }
}
