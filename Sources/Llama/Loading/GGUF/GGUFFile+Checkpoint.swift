import Tensor

extension GGUFFile {
  /// The checkpoint that this file is.
  func checkpoint() throws -> Checkpoint {
    let entries = Dictionary(uniqueKeysWithValues: tensors.map { ($0.name, $0) })
    let configuration = try LlamaConfiguration(
      self, rotaryDivisors: rotaryDivisors(entries[Self.rotaryDivisorsName]))
    return Checkpoint(
      path: file.path, format: .gguf(version: version), configuration: configuration,
      tensors: try storedTensors(entries, configuration), files: [file],
      tokenizerSource: try TokenizerSource(metadata),
      chatTemplateSource: try metadata.text("tokenizer.chat_template"))
  }

  private static let rotaryDivisorsName = "rope_freqs.weight"

  /// The values of `rope_freqs.weight`, by which the rotary frequencies are divided.
  private func rotaryDivisors(
    _ entry: GGUFTensorEntry?
  ) throws(CheckpointError) -> [Double]? {
    guard let entry else { return nil }
    guard entry.shape.count == 1 else {
      throw .wrongShape(
        path: file.path, tensor: entry.name, expected: [entry.shape.reduce(1, *)],
        found: entry.shape)
    }
    // Read before the size of a head is known, which it must fit: no more than the largest may have.
    guard let count = entry.shape.first, count <= LlamaConfiguration.featureLimit / 2 else {
      throw .wrongShape(
        path: file.path, tensor: entry.name, expected: [LlamaConfiguration.featureLimit / 2],
        found: entry.shape)
    }
    return stored(entry, name: entry.name, rowOrder: .asStored).decodeAll().map { Double($0) }
  }

  /// The tensors that the configuration needs, by Hugging Face name; there must be no others.
  private func storedTensors(
    _ entries: [String: GGUFTensorEntry], _ configuration: LlamaConfiguration
  ) throws(CheckpointError) -> [String: StoredTensor] {
    var unused = Set(entries.keys).filter { !Self.isRotaryBuffer($0) }
    var result: [String: StoredTensor] = [:]
    for name in WeightName.all(in: configuration) {
      guard let entry = entries[name.gguf] else {
        throw .missingTensor(path: file.path, tensor: name.gguf)
      }
      let shape = name.shape(in: configuration)
      guard entry.shape == shape else {
        throw .wrongShape(
          path: file.path, tensor: name.gguf, expected: shape, found: entry.shape)
      }
      unused.remove(name.gguf)
      let rowOrder: RowOrder =
        name.isRotated ? .alternatingHalves(headDim: configuration.headDim) : .asStored
      result[name.huggingFace] = stored(entry, name: name.huggingFace, rowOrder: rowOrder)
    }
    if let unknown = unused.min() { throw .unknownTensor(path: file.path, tensor: unknown) }
    return result
  }

  /// Whether a tensor holds rotary frequencies, which are computed or have been read already.
  private static func isRotaryBuffer(_ name: String) -> Bool {
    name == rotaryDivisorsName || name.hasPrefix("blk.") && name.hasSuffix(".attn_rot_embd.weight")
  }

  private func stored(
    _ entry: GGUFTensorEntry, name: String, rowOrder: RowOrder
  ) -> StoredTensor {
    StoredTensor(
      name: name, storedName: entry.name, shape: entry.shape, format: entry.format, file: file,
      byteRange: entry.byteRange, rowOrder: rowOrder)
  }
}
