import Llama
import Tensor
import TestSupport
import Testing

struct MemoryNeedTests {
  private static let executor = Executor(threadCount: 2)

  private func need(
    _ checkpoint: Checkpoint, _ path: MatrixProductPath = .exact,
    _ storage: WeightStorage = .stored, cacheFormat: KeyValueFormat = .float32, tokens: Int = 0,
    rows: Int = 1, logitRows: Int = 1, shown: Int = 0, listedKeys: Int = 0
  ) -> MemoryNeed {
    MemoryNeed(
      checkpoint, path: path, storage: storage, cacheFormat: cacheFormat,
      for: ModelUse(
        tokens: tokens, rows: rows, logitRows: logitRows, shown: shown, listedKeys: listedKeys),
      on: Self.executor)
  }

  @Test(
    arguments: [
      "tiny-llama", "tiny-f16", "tiny-bf16-shards", "gguf/quantised-k.gguf",
      "gguf/quantised-small.gguf",
    ],
    [(.exact, .stored), (.exact, .float32), (.blas, .stored)]
      as [(MatrixProductPath, WeightStorage)])
  func `the weights take what was computed before`(
    name: String, form: (path: MatrixProductPath, storage: WeightStorage)
  ) throws {
    let checkpoint = try TestModels.checkpoint(name)
    let model = try LlamaModel(
      checkpoint, path: form.path, storage: form.storage, on: Executor(threadCount: 1))
    let vectors = checkpoint.tensors.values.filter { $0.shape.count == 1 }
    let vectorBytes = vectors.reduce(0) { $0 + 4 * $1.count }
    #expect(need(checkpoint, form.path, form.storage).weights == model.weightBytes + vectorBytes)
  }

  @Test func `keys and values come in whole blocks, those of a pass included`() throws {
    let checkpoint = try TestModels.checkpoint("tiny-llama")
    // 4 layers, 4 heads of 16 dimensions, keys and values, 4 bytes each; blocks of 128 slots.
    let block = 4 * 4 * 16 * 2 * 4 * 128
    #expect(need(checkpoint, tokens: 0, rows: 1).cache == block)
    #expect(need(checkpoint, tokens: 200, rows: 100).cache == 3 * block)
    #expect(need(checkpoint, tokens: 1_000, rows: 10).cache == 8 * block)
    let float16 = need(checkpoint, cacheFormat: .float16, tokens: 1_000, rows: 10)
    #expect(float16.cache == 4 * block)
    #expect(float16.total == need(checkpoint, tokens: 1_000, rows: 10).total - 4 * block)
  }

  @Test func `rows and logits of a pass are counted`() throws {
    let checkpoint = try TestModels.checkpoint("tiny-llama")
    // Scores, which do not grow with the rows but with the keys.
    let scores = Self.executor.attentionScoreBytes(slots: 1)
    #expect(scores > 0 && scores.isMultiple(of: 2 * 4))
    let one = need(checkpoint).activations
    let hundred = need(checkpoint, rows: 100, logitRows: 100).activations
    #expect(hundred - 100 * scores == 100 * (one - scores))
    #expect(need(checkpoint, logitRows: 11).activations - one == 10 * 1_024 * 4)
    #expect(need(checkpoint, tokens: 1_000).activations - one == 1_000 * scores)
  }

  @Test func `what is shown of a pass and what its rows list is counted`() throws {
    let checkpoint = try TestModels.checkpoint("tiny-llama")
    let plain = need(checkpoint).activations
    #expect(need(checkpoint, shown: 1_000).activations - plain == 4_000)
    #expect(need(checkpoint, listedKeys: 1_000).activations - plain == 8_000)
    let reference = MemoryNeed(
      reference: checkpoint, for: ModelUse(tokens: 0, rows: 1, logitRows: 1))
    let showing = MemoryNeed(
      reference: checkpoint,
      for: ModelUse(tokens: 0, rows: 1, logitRows: 1, shown: 1_000, listedKeys: 500))
    #expect(showing.activations - reference.activations == 2 * 1_000 * 8 + 2 * 500 * 8)
    // While a tensor is read there is a copy of it, at the worst of the largest: the embedding.
    #expect(
      reference.weights - need(checkpoint, .blas).weights
        == checkpoint.tensors["model.embed_tokens.weight"].map { 4 * $0.count })
  }

  @Test func `sizes beyond all memory are the largest number, not an overflow`() throws {
    let checkpoint = try TestModels.checkpoint("tiny-llama")
    let huge = need(
      checkpoint, tokens: .max, rows: .max, logitRows: .max, shown: .max, listedKeys: .max)
    #expect(huge.cache == .max && huge.activations == .max && huge.total == .max)
  }

  @Test func `a model that would not fit is refused with both numbers, before it is read`() throws {
    let checkpoint = try TestModels.checkpoint("tiny-llama")
    let little = AvailableMemory(bytes: 2_000_000, limit: .controlGroup)
    let error = #expect(throws: MemoryError.self) {
      try LlamaModel(
        checkpoint, path: .exact, on: Self.executor, available: little)
    }
    #expect(
      error?.description
        == "\(checkpoint.path) needs 4 MB of memory (weights 4, keys and values 1, activations 1), "
        + "but the process's control group leaves 2 MB.")
    let enough = AvailableMemory(bytes: need(checkpoint).total, limit: .machine)
    _ = try LlamaModel(
      checkpoint, path: .exact, on: Self.executor, available: enough)
  }
}
