import Llama
import Tensor

extension CausalLanguageModel {
  /// Reads a text from its beginning, `GivenPass.chunk` tokens a pass, and commits all of it.
  /// - Parameters:
  ///   - wanted: the places in the text whose logits are computed.
  ///   - onRow: called with each of them and its logits, `[vocabularySize]`, in order.
  ///   - onPass: called after every pass; what it throws ends the reading.
  /// - Returns: the cache, with all tokens of the text.
  @discardableResult
  func read(
    _ text: [TokenID], logitsAt wanted: (Int) -> Bool = { _ in false },
    onRow: (Int, ArraySlice<Float>) throws -> Void = { _, _ in }, onPass: () throws -> Void = {}
  ) throws -> Cache {
    var cache = makeCache()
    for first in stride(from: 0, to: text.count, by: GivenPass.chunk) {
      let tokens = Array(text[first...].prefix(GivenPass.chunk))
      let rows = tokens.indices.filter { wanted(first + $0) }
      let logits = try forward(
        PassRequest(causal: tokens, cachedCount: first, logitRows: rows), cache: &cache)
      try cache.keep(newRows: Array(tokens.indices))
      for (index, row) in rows.enumerated() { try onRow(first + row, logits.row(index)) }
      try onPass()
    }
    return cache
  }
}
