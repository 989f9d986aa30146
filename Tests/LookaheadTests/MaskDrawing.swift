import TestSupport

@testable import Lookahead

/// The mask of one pass as text: a line for each row, `#` for each row of the pass that it sees.
enum MaskDrawing {
  /// The drawing of a warm window of 3 columns for N = 4, with two candidates that
  /// begin alike.
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

  /// Draws the mask of a plan among its own rows.
  static func draw(_ plan: PassPlan) -> String {
    let header = groups(plan.roles) { _ in "" }.map(\.name)
    let lines = plan.roles.map { query in
      let cells = groups(plan.roles) { query.sees($0) ? "#" : "." }
      let position = query.distance == 0 ? "p" : "p + \(query.distance)"
      return padded(name(query), 22) + padded(position, 10)
        + cells.map { padded($0.cells.joined(separator: " "), 9) }.joined()
    }
    let first = padded("", 22) + padded("position", 10) + header.map { padded($0, 9) }.joined()
    return ([first] + lines).map(withoutSpaceAtEnd).joined(separator: "\n")
  }

  /// The rows in groups of one level, and the candidates.
  private static func groups(
    _ roles: [RowRole], cell: (RowRole) -> String
  ) -> [(name: String, cells: [String])] {
    var groups: [(name: String, cells: [String])] = []
    for role in roles {
      let name =
        switch role {
        case .window(let level, _): "level \(level)"
        case .candidate: "candidates"
        }
      if groups.last?.name != name { groups.append((name, [])) }
      groups[groups.count - 1].cells.append(cell(role))
    }
    return groups
  }

  private static func name(_ role: RowRole) -> String {
    switch role {
    case .current: "current token"
    case .window(let level, let column): "level \(level), column \(column)"
    case .candidate(let branches): "candidates, " + branches.map(String.init).joined(separator: ".")
    }
  }

  private static func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }

  private static func withoutSpaceAtEnd(_ line: String) -> String {
    String(line.reversed().drop { $0 == " " }.reversed())
  }
}
