import Tensor

/// All weights of a model, laid out for one product path.
struct LlamaWeights: Sendable {
  /// Token vectors, `[vocabularySize, hiddenSize]`.
  let embedding: LinearWeights
  let blocks: [TransformerBlock]
  /// Scales of the last norm, `[hiddenSize]`.
  let outputNorm: [Float]
  /// `[vocabularySize, hiddenSize]`; the embedding itself where the model ties them.
  let outputHead: LinearWeights

  init(
    _ checkpoint: Checkpoint, path: MatrixProductPath, storage: WeightStorage,
    on executor: Executor, onProgress: (Double) throws -> Void
  ) throws {
    let reader = WeightReader(
      checkpoint: checkpoint, path: path, storage: storage, executor: executor)
    let configuration = checkpoint.configuration
    embedding = try reader.weights(["model.embed_tokens"])
    blocks = try (0..<configuration.layerCount).map {
      try onProgress(Double($0) / Double(configuration.layerCount))
      return try reader.block($0)
    }
    outputNorm = try reader.vector("model.norm.weight")
    outputHead = configuration.tiesEmbeddings ? embedding : try reader.weights(["lm_head"])
    try onProgress(1)
  }

  /// Bytes of the matrices; a tied head counts once.
  var byteCount: Int {
    let head = embedding.isSameStorage(as: outputHead) ? 0 : outputHead.byteCount
    return blocks.reduce(embedding.byteCount + head) { total, block in
      [block.queryKeyValue, block.attentionOutput, block.gateUp, block.down]
        .reduce(total) { $0 + $1.weights.byteCount }
    }
  }
}

/// Finds tensors by their Hugging Face names.
private struct WeightReader {
  let checkpoint: Checkpoint
  let path: MatrixProductPath
  let storage: WeightStorage
  let executor: Executor

  func block(_ layer: Int) throws -> TransformerBlock {
    let prefix = "model.layers.\(layer)."
    let configuration = checkpoint.configuration
    let attention = ["q_proj", "k_proj", "v_proj"].map { prefix + "self_attn." + $0 }
    let gateUp = ["gate_proj", "up_proj"].map { prefix + "mlp." + $0 }
    return TransformerBlock(
      attentionNorm: try vector(prefix + "input_layernorm.weight"),
      queryKeyValue: try self.layer(attention, hasBias: configuration.hasAttentionBias),
      attentionOutput: try self.layer(
        [prefix + "self_attn.o_proj"], hasBias: configuration.hasAttentionBias),
      feedForwardNorm: try vector(prefix + "post_attention_layernorm.weight"),
      gateUp: try self.layer(gateUp, hasBias: configuration.hasFeedForwardBias),
      down: try self.layer([prefix + "mlp.down_proj"], hasBias: configuration.hasFeedForwardBias))
  }

  /// One layer from several projections of the same input, one below the other.
  func layer(_ names: [String], hasBias: Bool) throws -> LinearLayer {
    LinearLayer(
      weights: try weights(names),
      bias: hasBias ? try names.flatMap { try vector($0 + ".bias") } : nil)
  }

  func weights(_ names: [String]) throws -> LinearWeights {
    let tensors = try names.map { try tensor($0 + ".weight") }
    let sources = tensors.map { tensor in
      RowSource(
        rows: tensor.shape[0], columns: tensor.columns, format: tensor.format,
        forEachRow: { tensor.withBytes(ofRows: $0, $1) })
    }
    return LinearWeights(sources, path: path, storage: storage, on: executor)
  }

  func vector(_ name: String) throws -> [Float] { try tensor(name).decodeAll() }

  private func tensor(_ name: String) throws -> StoredTensor {
    guard let tensor = checkpoint.tensors[name] else {
      throw CheckpointError.missingTensor(path: checkpoint.path, tensor: name)
    }
    return tensor
  }
}
