import Llama
import Lookahead

/// All that a benchmark has measured so far, as it was measured.
struct BenchFindings {
  let rows: [Int]
  /// Bytes a second, one value before each size in each round.
  var bandwidths: [Double] = []
  /// Floating-point operations a second, likewise.
  var peaks: [Double] = []
  /// Of the first path alone.
  var memory: ProcessMemory?
  var paths: [PathFindings] = []
  /// Tokens of the prompt whose reading was timed.
  var prefillTokens = 0
  /// The pass whose share of attention was measured; nil where the model's context is too short.
  var attention: (rows: Int, context: Int)?
  var prompts: [SettingReport]?

  /// From the median times of the first path's passes; nil where no pass of one row was timed.
  var stepCost: StepCost? {
    let medians = zip(rows, paths.first?.passSeconds ?? []).compactMap { rows, seconds in
      Spread(seconds).map { (rows: rows, milliseconds: $0.median * 1_000) }
    }
    guard let one = medians.first, one.rows == 1 else { return nil }
    return StepCost(
      level: one.milliseconds,
      points: medians.dropFirst().filter { $0.rows <= StepCost.maximumRows }.map {
        StepCost.Point(
          rows: $0.rows, ratio: $0.milliseconds / one.milliseconds, weight: StepCost.memory)
      })
  }
}

struct PathFindings {
  let model: LlamaModel
  let loadSeconds: Double
  /// Seconds of the passes, for each of `BenchFindings.rows`.
  var passSeconds: [[Double]]
  var prefillSeconds: [Double] = []
  /// Seconds of the passes behind one cached token.
  var shortContextSeconds: [Double] = []
  /// Seconds of the same passes behind many.
  var longContextSeconds: [Double] = []
}
