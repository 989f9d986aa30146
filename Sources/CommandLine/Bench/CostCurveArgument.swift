import ArgumentParser
import Lookahead

/// "1:18.3,8:23.5": milliseconds by rows.
extension CostCurve: ExpressibleByArgument {
  /// Pairs with commas between; nothing where one is no pair, or they are no curve.
  public init?(argument: String) {
    var points: [Point] = []
    for part in argument.split(separator: ",", omittingEmptySubsequences: false) {
      let pair = part.split(separator: ":", omittingEmptySubsequences: false)
      guard pair.count == 2, let rows = Int(pair[0]), let milliseconds = Double(pair[1]) else {
        return nil
      }
      points.append(Point(rows: rows, milliseconds: milliseconds))
    }
    self.init(points)
  }

  /// As it would be given.
  public var defaultValueDescription: String { description }

  /// As it would be given.
  var description: String {
    points.map { "\($0.rows):\($0.milliseconds)" }.joined(separator: ",")
  }
}
