import Llama
import Tensor

@testable import Lookahead

/// A model for the recorded passes of lade only: every pass must have the
/// recorded rows, positions, mask and cache, or it throws.
///
/// Its predictions are those of the record, or of a real model, which are compared with the record.
struct ReplayModel: CausalLanguageModel {
  /// Where a run leaves the record.
  struct Departure: Error, CustomStringConvertible {
    let pass: Int
    let what: String
    let expected: String
    let found: String

    var description: String {
      "Pass \(pass) has \(what) \(found), but lade has \(expected)."
    }
  }

  struct Cache: TokenCache {
    fileprivate(set) var passes = 0
    private var kept = 0
    fileprivate var real: KVCache?

    init(real: KVCache?) { self.real = real }

    var count: Int { kept }

    mutating func keep(newRows rows: [Int]) throws {
      try real?.keep(newRows: rows)
      kept += rows.count
    }

    mutating func truncate(toCount count: Int) {
      real?.truncate(toCount: count)
      kept = min(kept, count)
    }
  }

  /// The largest difference of logits between the two programs, as in the goldens of greedy text.
  static let tolerance: Float = 2e-3

  let passes: [LadeTrace.Pass]
  let ngramSize: Int
  let vocabularySize: Int
  private let model: LlamaModel?

  /// - Parameter model: the source of predictions; the record if nil.
  init(_ prompt: LadeTrace.Prompt, ngramSize: Int, model: LlamaModel?) {
    passes = prompt.passes
    self.ngramSize = ngramSize
    self.model = model
    let predictions = prompt.passes.flatMap {
      [$0.firstPrediction] + $0.frontier + ($0.candidatePredictions ?? [])
    }
    vocabularySize = model?.vocabularySize ?? 1 + (predictions.max() ?? 0)
  }

  var contextLength: Int { model?.contextLength ?? 2_048 }

  func makeCache() -> Cache { Cache(real: model?.makeCache()) }

  func forward(
    tokens: [TokenID], positions: [Int], mask: AttentionMask, logitRows: [Int],
    cache: inout Cache
  ) throws -> Matrix {
    let index = cache.passes
    func check<Value: Equatable>(_ what: String, _ found: Value, _ expected: Value) throws {
      if found != expected {
        throw Departure(pass: index, what: what, expected: "\(expected)", found: "\(found)")
      }
    }
    try check("the number", min(index, passes.count - 1), index)
    let pass = passes[index]
    let read = pass.rowsRead(ngramSize: ngramSize)
    try check(
      "rows", tokens,
      pass.inputIDs + pass.filledLevels.flatMap { $0 } + (pass.candidates ?? []))
    try check("a row count of", tokens.count, pass.rows)
    try check("a cache of", cache.count, pass.cachedCount)
    try check("positions", positions, read.map { pass.cachedCount + $0.count - 1 })
    for (row, keys) in read.enumerated() {
      try check(
        "in row \(row) keys", mask.keys(seenBy: row),
        Array(0..<pass.cachedCount) + keys.map { pass.cachedCount + $0 })
    }
    cache.passes += 1

    let newest = pass.filledLevels.last?.count ?? 0
    let candidates = pass.candidates?.count ?? 0
    let predictions =
      [(pass.inputIDs.count - 1, pass.firstPrediction)]
      + zip(pass.rows - candidates - newest..<pass.rows, pass.frontier)
      + zip(pass.rows - candidates..<pass.rows, pass.candidatePredictions ?? [])
    try check("logits of rows", logitRows, predictions.map { $0.0 })
    if let model, var real = cache.real {
      var logits = try model.forward(
        tokens: tokens, positions: positions, mask: mask, logitRows: logitRows, cache: &real)
      cache.real = real
      for (row, prediction) in predictions.enumerated() {
        // Two programs round differently, so a near tie may fall either way; the record decides it.
        let best = logits.argmax(row: row)
        if logits[row, best] - logits[row, prediction.1] < ReplayModel.tolerance {
          logits[row, prediction.1] = logits[row, best] + 1
        } else {
          try check("in row \(prediction.0) the prediction", best, prediction.1)
        }
      }
      return logits
    }
    var logits = Matrix(rows: logitRows.count, columns: vocabularySize)
    for (row, prediction) in predictions.enumerated() { logits[row, prediction.1] = 1 }
    return logits
  }
}
