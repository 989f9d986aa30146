import Llama
import Tensor
import TestSupport
import Testing

struct NonFiniteOriginTests {
  /// Where the trained fixture model breaks if one weight is `value`.
  private func origin(
    _ tensor: String, index: Int = 0, value: Float = .nan, text: [TokenID] = [5, 6, 7]
  ) throws -> NonFiniteOrigin? {
    let folder = try TemporaryFolder()
    try SpoiltModel.write(to: folder, tensor: tensor, index: index, value: value)
    let model = try LlamaModel(
      Checkpoint.open(folder.path), path: .exact, on: Executor(threadCount: 1))
    return try model.originOfNonFinite(in: text)
  }

  @Test(arguments: 0..<4, [Float.nan, .infinity])
  func `a weight of a block is found in that block`(layer: Int, value: Float) throws {
    for name in ["self_attn.v_proj", "self_attn.o_proj", "mlp.down_proj"] {
      let found = try origin("model.layers.\(layer).\(name).weight", value: value)
      #expect(found == .block(layer: layer, position: 0))
    }
  }

  @Test func `a token's vector is found where the token is`() throws {
    let found = try origin("model.embed_tokens.weight", index: 6 * 128 + 3)
    #expect(found == .embedding(token: 6, position: 1))
    #expect(found?.description == "the vector of token 6 at position 1")
  }

  @Test func `a tied vector of another token is found at the output head`() throws {
    let found = try origin("model.embed_tokens.weight", index: 9 * 128)
    #expect(found == .outputHead(position: 2))
  }

  @Test func `the last norm belongs to the output head`() throws {
    #expect(try origin("model.norm.weight") == .outputHead(position: 2))
  }

  @Test func `a long text is read on until the place is found`() throws {
    let text = Array(repeating: 5, count: 300) + [6] + Array(repeating: 5, count: 20)
    let found = try origin("model.embed_tokens.weight", index: 6 * 128, text: text)
    #expect(found == .embedding(token: 6, position: 300))
  }

  @Test func `a sound model has no such place`() throws {
    #expect(try TestModels.tinyLlama.get().originOfNonFinite(in: [5, 6, 7]) == nil)
  }
}
