import Llama

/// Whether an engine's arithmetic depends on the number of rows, as far as a sweep shows it: what
/// `SweepReader` finds.
public struct SweepReport: Encodable, Sendable {
  /// What depends on the number of rows.
  public enum Verdict: String, Encodable, Sendable {
    /// Nothing that was compared.
    case independent
    /// Values, and no choice of a token.
    case values
    /// The most probable token of a row: a greedy text.
    case choices
  }

  public let folder: String
  /// The name of the model that the sweep was made with.
  public let model: String
  /// Tokens of the prefix.
  public let prefixCount: Int
  /// Rows of the continuation.
  public let rowCount: Int
  /// Whether every bit of all logits was compared, or only log-probabilities that a server listed.
  public let comparesBits: Bool
  /// What the engine wrote, in words.
  public let values: String
  /// Rows alone whose most probable token is not the next one of the text, which exact arithmetic chose:
  /// there the engine parts from the text by its arithmetic, whatever the number of rows.
  public internal(set) var otherThanText = 0
  /// How near the two most probable tokens come in a row alone, in nats, and in which.
  public internal(set) var smallestLead: Double?
  public internal(set) var smallestLeadAt: SweepPlace?
  /// One for each number of rows from 2 on that was read, in ascending order.
  public internal(set) var figures: [SweepFigures]
  /// Numbers of rows that the engine wrote nothing of.
  public let notRead: [Int]
  /// Nil until `conclude()`.
  public private(set) var verdict: Verdict?
  /// The smallest number of rows with which a bit, or a listed value, is another than alone.
  public private(set) var valuesChangeFrom: Int?
  /// The smallest number of rows with which a choice is another.
  public private(set) var choicesChangeFrom: Int?
  /// All of it in words.
  public private(set) var sentence = ""

  init(
    _ plan: SweepPlan, folder: String, alone: SweepRecording, others: [SweepRecording]
  ) {
    self.folder = folder
    model = plan.model.name
    (prefixCount, rowCount) = (plan.prefix.count, plan.continuation.count)
    comparesBits = !alone.isList
    values = alone.words
    figures = others.map { SweepFigures(rows: $0.rows, path: $0.path) }
    let read = Set(others.map(\.rows)).union([1])
    notRead = plan.sweeps.map(\.rows).filter { !read.contains($0) }
  }

  /// Rows of the continuation in which a choice depends on the number of rows, in ascending order.
  public var flippedRows: [Int] { Set(figures.flatMap { $0.flips.map(\.row) }).sorted() }

  /// Whether anything depends on the number of rows.
  public var dependsOnRows: Bool { verdict != .independent }

  mutating func addAlone(_ row: RecordedRow, _ index: Int, of plan: SweepPlan) {
    let (token, lead) = row.choice
    if index + 1 < plan.continuation.count, plan.continuation[index + 1] != token {
      otherThanText += 1
    }
    if lead.isFinite, lead < smallestLead ?? .infinity {
      smallestLead = lead
      smallestLeadAt = SweepPlace(row: index, position: plan.position(ofRow: index), token: token)
    }
  }

  /// Draws the conclusion from the figures.
  mutating func conclude() {
    valuesChangeFrom = figures.first { $0.different > 0 }?.rows
    choicesChangeFrom = figures.first { !$0.flips.isEmpty }?.rows
    verdict = choicesChangeFrom != nil ? .choices : valuesChangeFrom != nil ? .values : .independent
    sentence = words
  }
}
