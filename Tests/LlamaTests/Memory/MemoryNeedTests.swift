import Llama
import Tensor
import TestSupport
import Testing

struct MemoryNeedTests {
  private func need(
    _ checkpoint: Checkpoint, _ path: MatrixProductPath = .exact,
    _ storage: WeightStorage = .stored, tokens: Int = 0, rows: Int = 1, logitRows: Int = 1
  ) -> MemoryNeed {
    MemoryNeed(
      checkpoint, path: path, storage: storage, tokens: tokens, rows: rows, logitRows: logitRows)
  }

  @Test(
    arguments: ["tiny-llama", "tiny-f16", "tiny-bf16-shards", "gguf/quantised-k.gguf"],
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
  }

  @Test func `rows and logits of a pass are counted`() throws {
    let checkpoint = try TestModels.checkpoint("tiny-llama")
    let one = need(checkpoint).activations
    #expect(need(checkpoint, rows: 100, logitRows: 100).activations == 100 * one)
    #expect(need(checkpoint, logitRows: 11).activations - one == 10 * 1_024 * 4)
  }

  @Test func `sizes beyond all memory are the largest number, not an overflow`() throws {
    let checkpoint = try TestModels.checkpoint("tiny-llama")
    let huge = need(checkpoint, tokens: .max, rows: .max, logitRows: .max)
    #expect(huge.cache == .max && huge.activations == .max && huge.total == .max)
  }

  @Test func `a model that would not fit is refused with both numbers, before it is read`() throws {
    let checkpoint = try TestModels.checkpoint("tiny-llama")
    let little = AvailableMemory(bytes: 2_000_000, limit: .controlGroup)
    let error = #expect(throws: MemoryError.self) {
      try LlamaModel(
        checkpoint, path: .exact, on: Executor(threadCount: 1), available: little)
    }
    #expect(
      error?.description
        == "\(checkpoint.path) needs 4 MB of memory (weights 4, keys and values 1, activations 1), "
        + "but the process's control group leaves 2 MB.")
    let enough = AvailableMemory(bytes: need(checkpoint).total, limit: .machine)
    _ = try LlamaModel(
      checkpoint, path: .exact, on: Executor(threadCount: 1), available: enough)
  }
}
