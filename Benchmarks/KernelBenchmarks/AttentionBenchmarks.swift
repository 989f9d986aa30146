import Benchmark
import Tensor

/// Attention of SmolLM2-135M: 9 query heads over 3 key-value heads of 64 features.
private let heads = 9
private let kvHeads = 3
private let headDim = 64

/// Attention of T rows, each of which sees the whole context and the rows before it, as in plain
/// decoding and in prefill. The product path has no part in it.
func attentionBenchmarks(on backends: [Backend]) {
  for context in [128, 2000] {
    for tokens in [1, 16] {
      for backend in backends where backend.path == .exact && backend.isFast {
        for format in KeyValueFormat.allCases {
          let suffix = format == .float32 ? "" : ", \(format.rawValue) cache"
          Benchmark(
            "attention, context \(context), T \(tokens), \(backend.name)\(suffix)",
            closure: { benchmark, input in
              let (queries, store, visible) = input
              benchmark.startMeasurement()
              blackHole(
                attention(
                  queries: queries, heads: heads, store: store, layer: 0, visible: visible,
                  on: backend.executor))
              benchmark.stopMeasurement()
            }, setup: { attentionInput(context: context, tokens: tokens, format) })
        }
      }
    }
  }
}

private func attentionInput(
  context: Int, tokens: Int, _ format: KeyValueFormat
) -> (Matrix, KeyValueStore, [VisibleKeys]) {
  var store = KeyValueStore(layers: 1, kvHeads: kvHeads, headDim: headDim, format: format)
  store.reserve(slots: context + tokens)
  let width = kvHeads * headDim
  store.write(
    randomMatrix(rows: context + tokens, columns: 2 * width), keyColumn: 0, valueColumn: width,
    layer: 0, firstSlot: 0)
  let visible = (0..<tokens).map {
    VisibleKeys(prefix: context, others: Array(context...context + $0))
  }
  return (randomMatrix(rows: tokens, columns: heads * headDim, seed: 2), store, visible)
}
