import Files
import Tensor

extension GGUFFile {
  func checkpoint() throws -> Checkpoint {
    let configuration = try LlamaConfiguration(self, rotaryDivisors: rotaryDivisors())
    let isPaired = configuration.variant.family.storesPairedRows
    let (stored, unread) = try configuration.storedTensors(
      among: tensors, path: file.path, place: TensorPlace.gguf,
      rowOrder: {
        isPaired && $0.isRotated
          ? .alternatingHalves(headDim: configuration.headDim) : .asStored
      }, isComputed: Self.isRotaryBuffer)
    return Checkpoint(
      path: file.path, format: .gguf(version: version), configuration: configuration,
      tensors: stored, files: files, unreadTensors: unread,
      tokenizerSource: try TokenizerSource(metadata),
      chatTemplateSource: try metadata.text("tokenizer.chat_template"))
  }

  func textFiles() throws -> TextFiles {
    TextFiles(
      path: file.path, tokenizerSource: try TokenizerSource(metadata),
      chatTemplateSource: try metadata.text("tokenizer.chat_template"))
  }

  /// Of Llama 3.1's rule, or of LongRoPE within the original context.
  private static let rotaryDivisorsNames = ["rope_freqs.weight", "rope_factors_short.weight"]

  /// The numbers by which the rotary frequencies are divided.
  private func rotaryDivisors() throws(FileError) -> [Double]? {
    guard let tensor = tensors.first(where: { Self.rotaryDivisorsNames.contains($0.name) }) else {
      return nil
    }
    // Read before the size of a head is known, which it must fit: no more than the largest may have.
    let count = tensor.shape.countedProduct ?? 0
    try tensor.check(shape: [min(count, LlamaConfiguration.featureLimit / 2)])
    return try StoredTensor(tensor, as: tensor.name, .asStored).decodeAll().map { Double($0) }
  }

  /// Whether a tensor holds rotary frequencies, which are computed or have been read already, or those
  /// of texts beyond the original context, which are not read.
  private static func isRotaryBuffer(_ name: String) -> Bool {
    rotaryDivisorsNames.contains(name) || name == "rope_factors_long.weight"
      || name.hasPrefix("blk.") && name.hasSuffix(".attn_rot_embd.weight")
  }
}
