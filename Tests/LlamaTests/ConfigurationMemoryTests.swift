import Llama
import TestSupport
import Testing

struct ConfigurationMemoryTests {
  @Test func `parameters and bytes of a model that was counted by hand`() {
    let configuration = MinimalCheckpoint.configuration
    // Embedding, two norms, q, k, v, o, gate, up, down, last norm.
    #expect(
      configuration.parameterCount == 24 + 2 * 4 + 32 + 16 + 16 + 32 + 24 + 24 + 24 + 4)
    #expect(configuration.float32WeightBytes == 204 * 4)
    #expect(configuration.cacheBytesPerToken(as: .float32) == 1 * 2 * 4 * 4)
    #expect(configuration.cacheBytesPerToken(as: .float16) == 1 * 2 * 4 * 2)
  }

  @Test func `biases and a separate head are counted`() {
    var configuration = MinimalCheckpoint.configuration
    configuration.hasAttentionBias = true
    configuration.hasFeedForwardBias = true
    configuration.tiesEmbeddings = false
    #expect(configuration.parameterCount == 204 + (8 + 4 + 4 + 4) + (6 + 6 + 4) + 24)
  }

  @Test func `SmolLM2-135M has 135 million parameters`() {
    let configuration = LlamaConfiguration(
      vocabularySize: 49_152, hiddenSize: 576, intermediateSize: 1536, layerCount: 30,
      attentionHeads: 9, kvHeads: 3, headDim: 64, rmsNormEpsilon: 1e-5, ropeBase: 100_000,
      ropeScaling: .unscaled, contextLength: 8192, tiesEmbeddings: true, hasAttentionBias: false,
      hasFeedForwardBias: false, bosTokenID: 1, eosTokenIDs: [2])
    #expect(configuration.parameterCount == 134_515_008)
    #expect(configuration.cacheBytesPerToken(as: .float32) == 46_080)
  }

  @Test func `the largest configuration that is let pass does not overflow`() throws {
    let largest = LlamaConfiguration(
      vocabularySize: 1 << 24, hiddenSize: 1 << 20, intermediateSize: 1 << 22, layerCount: 1 << 12,
      attentionHeads: 1 << 19, kvHeads: 1 << 19, headDim: 2, rmsNormEpsilon: 1e-5,
      ropeBase: 10_000, ropeScaling: .unscaled, contextLength: 1 << 27, tiesEmbeddings: false,
      hasAttentionBias: true, hasFeedForwardBias: true, bosTokenID: nil, eosTokenIDs: [])
    try largest.validated()
    #expect(largest.float32WeightBytes > 1 << 56)
    #expect(largest.cacheBytesPerToken(as: .float32) * largest.contextLength == 1 << 62)
  }
}
