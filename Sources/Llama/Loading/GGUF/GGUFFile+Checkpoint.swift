import Files
import Tensor

extension GGUFFile {
  func checkpoint() throws -> Checkpoint {
    let configuration = try LlamaConfiguration(self, rotaryDivisors: rotaryDivisors())
    return Checkpoint(
      path: file.path, format: .gguf(version: version), configuration: configuration,
      tensors: try configuration.storedTensors(
        among: tensors, path: file.path, name: \.gguf,
        rowOrder: {
          $0.isRotated ? .alternatingHalves(headDim: configuration.headDim) : .asStored
        }, isIgnored: Self.isRotaryBuffer),
      files: [file], tokenizerSource: try TokenizerSource(metadata),
      chatTemplateSource: try metadata.text("tokenizer.chat_template"))
  }

  private static let rotaryDivisorsName = "rope_freqs.weight"

  /// The values of `rope_freqs.weight`, by which the rotary frequencies are divided.
  private func rotaryDivisors() throws(FileError) -> [Double]? {
    guard let tensor = tensors.first(where: { $0.name == Self.rotaryDivisorsName }) else {
      return nil
    }
    // Read before the size of a head is known, which it must fit: no more than the largest may have.
    let count = tensor.shape.countedProduct ?? 0
    try tensor.check(shape: [min(count, LlamaConfiguration.featureLimit / 2)])
    return try StoredTensor(tensor, as: tensor.name, .asStored).decodeAll().map { Double($0) }
  }

  /// Whether a tensor holds rotary frequencies, which are computed or have been read already.
  private static func isRotaryBuffer(_ name: String) -> Bool {
    name == rotaryDivisorsName || name.hasPrefix("blk.") && name.hasSuffix(".attn_rot_embd.weight")
  }
}
