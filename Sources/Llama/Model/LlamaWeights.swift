import Files
import Tensor

/// All weights of a model, laid out for one product path.
struct LlamaWeights: Sendable {
  /// `[vocabularySize, hiddenSize]`.
  let embedding: LinearWeights
  let blocks: [TransformerBlock]
  /// Scales of the last norm, `[hiddenSize]`.
  let outputNorm: [Float]
  /// `[vocabularySize, hiddenSize]`; the embedding itself where the model ties them.
  let outputHead: LinearWeights

  /// - Parameter format: the format that matrices are written in again, but for the embedding and the
  ///   output head; those whose rows do not fit it stay as they are. Nil for none.
  init(
    _ checkpoint: Checkpoint, path: MatrixProductPath, storage: WeightStorage,
    requantisedAs format: ElementFormat? = nil, on executor: Executor,
    onProgress: (Double) throws -> Void
  ) throws {
    let reader = WeightReader(
      checkpoint: checkpoint, path: path, storage: storage, requantisedAs: format,
      executor: executor)
    let configuration = checkpoint.configuration
    embedding = try reader.weights([.embedding])
    blocks = try (0..<configuration.layerCount).map {
      try onProgress(Double($0) / Double(configuration.layerCount))
      return try reader.block($0)
    }
    outputNorm = try checkpoint.vector(.finalNorm)
    outputHead = configuration.tiesEmbeddings ? embedding : try reader.weights([.outputHead])
    try onProgress(1)
  }

  /// Bytes of the matrices of the blocks and of the output head.
  var streamedBytes: Int {
    blocks.reduce(outputHead.byteCount) { total, block in
      [block.queryKeyValue, block.attentionOutput, block.gateUp, block.down]
        .reduce(total) { $0 + $1.weights.byteCount }
    }
  }
}

private struct WeightReader {
  let checkpoint: Checkpoint
  let path: MatrixProductPath
  let storage: WeightStorage
  let requantisedAs: ElementFormat?
  let arena = WeightArena()
  let executor: Executor

  func block(_ layer: Int) throws -> TransformerBlock {
    TransformerBlock(
      attentionNorm: try checkpoint.norm(layer, .attentionNorm),
      queryKeyValue: try linear(layer, [.query, .key, .value]),
      queryNorm: try checkpoint.norm(layer, .queryNorm),
      keyNorm: try checkpoint.norm(layer, .keyNorm),
      attentionOutput: try linear(layer, [.attentionOutput]),
      attentionOutputNorm: try checkpoint.norm(layer, .attentionOutputNorm),
      feedForwardNorm: try checkpoint.norm(layer, .feedForwardNorm),
      gateUp: try linear(layer, [.gate, .up]), down: try linear(layer, [.down]),
      feedForwardOutputNorm: try checkpoint.norm(layer, .feedForwardOutputNorm))
  }

  /// One layer from several projections of the same input, one below the other.
  func linear(_ layer: Int, _ parts: [LayerPart]) throws -> LinearLayer {
    let hasBias = parts.allSatisfy { $0.hasBias(in: checkpoint.configuration) }
    return LinearLayer(
      weights: try weights(parts.map { .layer(layer, $0) }),
      bias: hasBias ? try parts.flatMap { try checkpoint.vector(.bias(layer, $0)) } : nil)
  }

  func weights(_ names: [WeightName]) throws -> LinearWeights {
    let sources = try names.map { name in
      let tensor = try checkpoint.tensor(name)
      let source = RowSource(
        rows: tensor.shape[0], columns: tensor.columns, format: tensor.format,
        forEachRow: { tensor.withBytes(ofRows: $0, $1) })
      guard let requantisedAs, name != .embedding, name != .outputHead else { return source }
      return source.requantised(as: requantisedAs) ?? source
    }
    return LinearWeights(
      sources, path: path, storage: storage, in: arena, on: executor)
  }
}

extension Checkpoint {
  /// The scales of a norm, or nil where the model has no such norm.
  func norm(_ layer: Int, _ part: LayerPart) throws(FileError) -> [Float]? {
    guard LayerPart.all(in: configuration).contains(part) else { return nil }
    return try vector(.layer(layer, part))
  }
}
