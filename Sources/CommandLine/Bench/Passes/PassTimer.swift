import Llama

/// Times passes of one model over made-up tokens: what a pass costs depends on how many there are,
/// not on which.
struct PassTimer {
  let model: LlamaModel
  private var cache: KVCache
  private let clock = ContinuousClock()

  /// Tokens that one pass of a prefill reads, as decoders do where nothing else is asked for.
  static let prefillChunk = 128

  init(_ model: LlamaModel) {
    self.model = model
    cache = model.makeCache()
  }

  /// Reads tokens into an empty cache, with the logits of the last, and returns the seconds; nothing
  /// if a signal came meanwhile.
  mutating func prefill(tokens count: Int) throws -> Double? {
    cache = model.makeCache()
    var seconds = 0.0
    for start in stride(from: 0, to: count, by: Self.prefillChunk) {
      if Interruption.signal != nil { return nil }
      let rows = min(Self.prefillChunk, count - start)
      let isLast = start + rows == count
      seconds += try pass(rows: rows, logitRows: isLast ? [rows - 1] : [])
      try cache.keep(newRows: Array(0..<rows))
    }
    return seconds
  }

  /// One pass over rows that each see the cache and the rows before, with the logits of all; nothing
  /// of it is kept. Returns the seconds.
  mutating func pass(rows: Int) throws -> Double {
    try pass(rows: rows, logitRows: Array(0..<rows))
  }

  private mutating func pass(rows: Int, logitRows: [Int]) throws -> Double {
    let positions = cache.count..<cache.count + rows
    let tokens = positions.map { (17 + $0 &* 7_919) % model.vocabularySize }
    let mask = AttentionMask.causal(cachedCount: cache.count, queries: rows)
    let begin = clock.now
    _ = try model.forward(
      tokens: tokens, positions: Array(positions), mask: mask, logitRows: logitRows, cache: &cache)
    return begin.duration(to: clock.now) / .seconds(1)
  }
}
