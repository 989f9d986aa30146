import Llama

struct PathReport: Encodable {
  struct Pass: Encodable {
    let rows: Int
    let milliseconds: Spread
    /// To a pass of one row; null where none was timed.
    @Nullable var ratio: Double?
    /// Weights read, in gigabytes (10⁹ bytes) a second.
    let gigabytesPerSecond: Double
    @Nullable var bandwidthShare: Double?
    /// `LlamaConfiguration.operations` of the pass.
    let operations: Double
    let gigaflopsPerSecond: Double
    @Nullable var peakShare: Double?
    /// What no pass can be faster than: the weights over the bandwidth, or the operations over the
    /// peak, whichever takes longer.
    @Nullable var limitMilliseconds: Double?
  }

  struct Prefill: Encodable {
    let tokens: Int
    let seconds: Spread
    let tokensPerSecond: Double
  }

  /// How much of a pass attention takes: what the pass costs more behind many cached tokens than
  /// behind one.
  struct Attention: Encodable {
    let rows: Int
    let context: Int
    let milliseconds: Double
    let millisecondsBehindOneToken: Double
    let share: Double
  }

  let matmul: String
  let kvCache: String
  let loadSeconds: Double
  let weightBytes: Int
  /// Of them, what each pass reads.
  let streamedBytes: Int
  let passes: [Pass]
  @Nullable var prefill: Prefill?
  @Nullable var attention: Attention?

  /// The bandwidth is in gigabytes a second, the peak in GFLOP/s.
  init(
    _ path: PathFindings, _ findings: BenchFindings, _ configuration: LlamaConfiguration,
    context: Int, bandwidth: Double?, peak: Double?
  ) {
    matmul = path.model.path.rawValue
    kvCache = path.model.cacheFormat.rawValue
    loadSeconds = path.loadSeconds
    weightBytes = path.model.weightBytes
    streamedBytes = path.model.streamedWeightBytes
    let streamed = Double(path.model.streamedWeightBytes)
    let spreads = path.passSeconds.map { Spread($0.map { $0 * 1_000 }) }
    let oneRow = findings.rows.firstIndex(of: 1).flatMap { spreads[$0]?.median }
    passes = zip(findings.rows, spreads).compactMap { rows, spread in
      guard let spread else { return nil }
      let operations = configuration.operations(rows: rows, context: context)
      let gigabytes = streamed / spread.median / 1e6
      let gigaflops = operations / spread.median / 1e6
      let reading = bandwidth.map { streamed / $0 / 1e6 }
      let computing = peak.map { operations / $0 / 1e6 }
      return Pass(
        rows: rows, milliseconds: spread, ratio: oneRow.map { spread.median / $0 },
        gigabytesPerSecond: gigabytes, bandwidthShare: bandwidth.map { gigabytes / $0 },
        operations: operations, gigaflopsPerSecond: gigaflops,
        peakShare: peak.map { gigaflops / $0 },
        limitMilliseconds: [reading, computing].compactMap(\.self).max())
    }
    prefill = Spread(path.prefillSeconds).map {
      Prefill(
        tokens: findings.prefillTokens, seconds: $0,
        tokensPerSecond: Double(findings.prefillTokens) / $0.median)
    }
    attention = Self.attention(path, findings)
  }

  private static func attention(_ path: PathFindings, _ findings: BenchFindings) -> Attention? {
    guard
      let attention = findings.attention, let long = Spread(path.longContextSeconds),
      let short = Spread(path.shortContextSeconds)
    else { return nil }
    return Attention(
      rows: attention.rows, context: attention.context, milliseconds: long.median * 1_000,
      millisecondsBehindOneToken: short.median * 1_000,
      share: max(0, 1 - short.median / long.median))
  }
}
