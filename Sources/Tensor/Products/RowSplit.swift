/// The rows of a matrix in tiles of nearly equal height.
struct RowSplit {
  /// First row of each tile, and the number of rows at the end.
  let starts: [Int]

  var count: Int { starts.count - 1 }
  var rows: Int { starts[count] }

  /// - Parameter maximum: most rows of a tile.
  init(rows: Int, maximum: Int) {
    let tiles = (rows + maximum - 1) / maximum
    starts = (0...tiles).map { rows * $0 / tiles }
  }

  func height(_ tile: Int) -> Int { starts[tile + 1] - starts[tile] }

  /// Calls `body` with the number of each tile, on all threads if there are several.
  func forEachTile(on executor: Executor, _ body: (_ tile: Int) -> Void) {
    if count == 1 {
      body(0)
    } else {
      executor.pool.forEachRange(of: count) { $0.forEach(body) }
    }
  }
}
