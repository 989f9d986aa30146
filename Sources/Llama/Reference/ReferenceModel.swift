import Files
import Tensor

/// The model in Double, in plain loops: embedding, blocks, norm, output head.
///
/// It computes what `LlamaModel` computes, without BLAS, threads or any kernel of `Tensor`: one
/// token after the other, each sum in order of its index. Weights are the Floats that the file
/// means; everything after them is Double, whose roundings are 2²⁹ times smaller than those of
/// Float, so that rounding errors of Float can be measured by its results (docs/numerics.md). Sines,
/// cosines and exponentials are the C library's, independent of the functions they are a check of.
///
/// Here a row of features is `[Double]`, the rows of a pass are `[[Double]]`, and a row cut into
/// heads is `[[Double]]` too, `[heads][headDim]`. A row's result depends on what it sees alone, as
/// in `LlamaModel`, so both decoders run on this model as well.
public struct ReferenceModel: CausalLanguageModel {
  public let configuration: LlamaConfiguration
  // The shapes are those of `LlamaWeights`.
  private let embedding: Matrix
  private let blocks: [ReferenceBlock]
  private let outputNorm: [Float]
  private let outputHead: Matrix
  private let rotaries: [LayerRotation: RotaryEmbedding]
  /// To what weights and the result of every operation are rounded.
  public let rounding: ReferenceRounding

  /// Reads the weights of a checkpoint into memory, four bytes each.
  /// - Throws: what `LlamaModel.init` throws.
  public init(
    _ checkpoint: Checkpoint, rounding: ReferenceRounding = .none,
    available: AvailableMemory? = .now()
  ) throws {
    try MemoryNeed(reference: checkpoint, for: .onePass)
      .check(path: checkpoint.path, against: available)
    configuration = checkpoint.configuration
    self.rounding = rounding
    embedding = rounding(try checkpoint.matrix(.embedding))
    blocks = try (0..<configuration.layerCount).map {
      try ReferenceBlock(checkpoint, layer: $0, rounding)
    }
    outputNorm = try checkpoint.vector(.finalNorm).map { rounding($0) }
    outputHead =
      configuration.tiesEmbeddings ? embedding : rounding(try checkpoint.matrix(.outputHead))
    rotaries = configuration.rotaries
    try checkpoint.checkUnchanged()
  }

  /// One pass over some tokens, shown from inside; see `LlamaModel`.
  /// - Returns: logits, `[logitRows.count][vocabularySize]`, in the order of `logitRows`.
  public func forward(
    tokens: [TokenID], positions: [Int], mask: AttentionMask, logitRows: [Int],
    cache: inout ReferenceCache, shownAttention: Set<Int> = [],
    inspect: (ReferenceLayer) throws -> Void
  ) throws -> [[Double]] {
    try configuration.checkPass(
      tokens: tokens, positions: positions, mask: mask, logitRows: logitRows,
      cachedCount: cache.count)
    guard cache.isFor(configuration) else { throw LlamaError.cacheOfOtherModel }
    let visible = try configuration.visibleKeys(mask, positions: cache.positions + positions)
    let pass = ReferencePass(
      configuration: configuration, rotaries: rotaries, positions: positions,
      visible: visible.all.map(\.slots),
      visibleInWindow: visible.byWindow.mapValues { $0.map(\.slots) },
      shownAttention: shownAttention, rounding: rounding)
    cache.beginPass(positions: positions)

    let variant = configuration.variant
    var hidden = tokens.map { token in
      rounding(embedding.row(token).map { Double($0) * variant.embeddingMultiplier })
    }
    try inspect(ReferenceLayer(layer: 0, hidden: hidden, attentionWeights: []))
    for (index, block) in blocks.enumerated() {
      let weights = block.forward(&hidden, layer: index, pass: pass, cache: &cache)
      try inspect(ReferenceLayer(layer: index + 1, hidden: hidden, attentionWeights: weights))
    }
    return logitRows.map { row in
      let last = rounding(
        rmsNorm(hidden[row], weight: outputNorm, epsilon: Double(configuration.rmsNormEpsilon)))
      let logits = product(last, outputHead).map { logit in
        let divided = logit / variant.logitDivisor
        return variant.logitCap.map { bounded(divided, by: $0) } ?? divided
      }
      return rounding(logits)
    }
  }

  // MARK: - CausalLanguageModel

  public var vocabularySize: Int { configuration.vocabularySize }
  public var contextLength: Int { configuration.contextLength }
  public func makeCache() -> ReferenceCache { ReferenceCache(configuration) }

  /// One pass over some tokens, its logits rounded to Float once; see `CausalLanguageModel`.
  public func forward(
    tokens: [TokenID], positions: [Int], mask: AttentionMask, logitRows: [Int],
    cache: inout ReferenceCache
  ) throws -> Matrix {
    let logits = try forward(
      tokens: tokens, positions: positions, mask: mask, logitRows: logitRows, cache: &cache
    ) { (_: ReferenceLayer) in }
    return Matrix(
      rows: logits.count, columns: vocabularySize, elements: logits.joined().map { Float($0) })
  }
}

/// `LlamaLayer` in Double.
public struct ReferenceLayer: Sendable {
  public let layer: Int
  /// `[tokens][hiddenSize]`.
  public let hidden: [[Double]]
  /// `[tokens][attentionHeads][cachedCount + tokens]`, or empty.
  public let attentionWeights: [[[Double]]]
}
