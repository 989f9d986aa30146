import TestSupport

@testable import Lookahead

/// The mask of one pass as text: a line for each row, `#` for each row of the pass that it attends to.
enum MaskDrawing {
  /// The drawing of a warm window of 3 columns for N = 4, with two candidates with a
  /// common prefix.
  static func example() throws -> String {
    let configuration = try LookaheadConfiguration(windowSize: 3, ngramSize: 4)
    var generator = SplitMix64(seed: 1)
    var window = LookaheadWindow(configuration, prompt: [0], using: &generator)
    window?.advanceAfterPrompt(predictions: [0, 0, 0, 0])
    window?.advance(frontier: [0, 0, 0, 0])
    return draw(
      PassPlan(
        current: 0, position: 9, window: window,
        tree: CandidateTree.sharing([[1, 2, 3], [1, 4, 5]])))
  }

  /// A row as it is drawn.
  struct Row {
    let name: String
    /// Rows of one group have one heading.
    let group: String
    /// Positions after the current token.
    let distance: Int
  }

  /// Draws the mask of a plan among its own rows.
  static func draw(_ plan: PassPlan) -> String {
    let rows = plan.roles.map { role in
      switch role {
      case .window(let level, let column):
        Row(
          name: role == .current ? "current token" : "level \(level), column \(column)",
          group: "level \(level)", distance: role.distance)
      case .candidate(let branches):
        Row(
          name: "candidates, " + branches.map(String.init).joined(separator: "."),
          group: "candidates", distance: role.distance)
      }
    }
    return draw(rows) { plan.roles[$0].sees(plan.roles[$1]) }
  }

  /// Draws the mask of a pass of the textbook behind the prompt.
  static func draw(_ plan: TextbookPlan) -> String {
    let rows = zip(plan.roles, plan.positions).map { role, position in
      let distance = position - plan.cachedCount
      return switch role {
      case .prompt(let index):
        Row(name: "prompt, \(index)", group: "prompt", distance: distance)
      case .window(let level, let column):
        Row(
          name: role == .current ? "current token" : "level \(level), column \(column)",
          group: "level \(level)", distance: distance)
      case .candidate(let index, let offset):
        Row(
          name: "candidate \(index), token \(offset)", group: "cand. \(index)", distance: distance)
      }
    }
    let mask = plan.request.mask
    return draw(rows) { mask.sees(query: $0, key: plan.cachedCount + $1) }
  }

  private static func draw(_ rows: [Row], sees: (Int, Int) -> Bool) -> String {
    /// One cell for each group of rows.
    func cells(_ cell: (Int) -> String) -> [String] {
      var groups: [[String]] = []
      for row in rows.indices {
        if row == 0 || rows[row].group != rows[row - 1].group { groups.append([]) }
        groups[groups.count - 1].append(cell(row))
      }
      return groups.map { $0.joined(separator: " ") }
    }
    let headings = rows.indices.compactMap { row in
      row > 0 && rows[row].group == rows[row - 1].group ? nil : rows[row].group
    }
    let lines = rows.indices.map { query in
      let distance = rows[query].distance
      return [rows[query].name, distance == 0 ? "p" : "p + \(distance)"]
        + cells { sees(query, $0) ? "#" : "." }
    }
    let widths = [22, 10] + headings.map { _ in 9 }
    return ([["", "position"] + headings] + lines).map { line($0, widths: widths) }
      .joined(separator: "\n")
  }

  /// Cells padded to their widths, without spaces at the end.
  static func line(_ cells: [String], widths: [Int]) -> String {
    let padded = zip(cells, widths).map { cell, width in
      cell + String(repeating: " ", count: max(1, width - cell.count))
    }.joined()
    return String(padded.reversed().drop { $0 == " " }.reversed())
  }
}
