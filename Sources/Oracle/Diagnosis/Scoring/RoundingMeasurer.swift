import Llama
import Tensor

/// Measures what the rounding of each arithmetic does to the logits of one text, against Double.
struct RoundingMeasurer {
  let checkpoint: Checkpoint
  /// The model on the exact path.
  let exact: LlamaModel
  /// Called before each arithmetic is run; what it throws ends the measurement.
  let onStep: (String) throws -> Void

  /// What was measured.
  struct Result {
    /// Finer arithmetics first.
    var noises: [ArithmeticNoise]
    /// Logits in Double of the rows, `[rows][vocabularySize]`.
    var reference: [[Double]]
  }

  /// Another program's float32, which sums in another order, is off by as much again.
  static let float32Allowance = 2.0

  /// - Parameters:
  ///   - text: the tokens to read.
  ///   - rows: the places in it whose logits count, in ascending order.
  ///   - contested: the place among `rows` and two tokens whose margin is of interest.
  func measure(
    _ text: [TokenID], rows: [Int], contested: (row: Int, token: TokenID, rival: TokenID)?
  ) throws -> Result {
    let reference = try double(text, rows, .none)
    func noise(_ arithmetic: EngineArithmetic, _ logits: [[Double]], times factor: Double = 1)
      -> ArithmeticNoise
    {
      var measurement = NoiseMeasurement()
      for (row, exact) in zip(logits, reference) { measurement.add(row, reference: exact) }
      let error = contested.map { place in
        let (a, b) = (logits[place.row], reference[place.row])
        return ((a[place.token] - a[place.rival]) - (b[place.token] - b[place.rival])).magnitude
      }
      return ArithmeticNoise(
        arithmetic: arithmetic, deviation: measurement.deviation * factor, errorAtParting: error)
    }
    var noises = [
      noise(.float32, try fast(exact, text, rows), times: Self.float32Allowance),
      noise(.float16Cache, try fast(exact.with(cacheFormat: .float16), text, rows)),
      noise(.float16, try double(text, rows, .float16)),
      noise(.bfloat16, try double(text, rows, .bfloat16)),
    ]
    if checkpoint.isQuantised {
      try onStep("activations of 8 bits")
      let integers = try LlamaModel(checkpoint, path: .int8, on: exact.executor)
      noises.append(noise(.int8, try fast(integers, text, rows)))
    }
    return Result(noises: noises.sorted { $0.deviation < $1.deviation }, reference: reference)
  }

  private func double(
    _ text: [TokenID], _ rows: [Int], _ rounding: ReferenceRounding
  ) throws -> [[Double]] {
    let name = rounding == .none ? "Double" : rounding == .float16 ? "F16" : "BF16"
    try onStep(name)
    let model = try ReferenceModel(checkpoint, rounding: rounding)
    var cache = model.makeCache()
    return try model.forward(
      tokens: text, positions: Array(text.indices),
      mask: .causal(cachedCount: 0, queries: text.count), logitRows: rows, cache: &cache
    ) { (_: ReferenceLayer) in try onStep(name) }
  }

  private func fast(
    _ model: LlamaModel, _ text: [TokenID], _ rows: [Int]
  ) throws -> [[Double]] {
    var cache = model.makeCache()
    let logits = try model.forward(
      PassRequest(causal: text, cachedCount: 0, logitRows: rows), cache: &cache)
    return (0..<logits.rows).map { logits.row($0).map(Double.init) }
  }
}
