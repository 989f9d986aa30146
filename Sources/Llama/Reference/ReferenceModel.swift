import Files
import Tensor

/// The model in Double, in plain loops: embedding, blocks, norm, output head.
///
/// It computes what `LlamaModel` computes, without SIMD, BLAS, threads or any kernel of `Tensor`: one
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
  /// Token vectors, `[vocabularySize, hiddenSize]`.
  private let embedding: Matrix
  private let blocks: [ReferenceBlock]
  /// Scales of the last norm, `[hiddenSize]`.
  private let outputNorm: [Float]
  /// `[vocabularySize, hiddenSize]`; the embedding itself where the model ties them.
  private let outputHead: Matrix
  /// Radians by which each pair of a head turns from one position to the next, `[headDim / 2]`.
  private let frequencies: [Double]

  /// Reads the weights of a checkpoint into memory, four bytes each.
  /// - Parameter available: the memory there is; nothing for no limit.
  /// - Throws: `MemoryError` if weights and a pass of one row would not fit that memory, before any of
  ///   it is taken; `FileError` if a tensor is missing; `InputFileError` if a file was changed
  ///   since it was opened.
  public init(_ checkpoint: Checkpoint, available: AvailableMemory? = .now()) throws {
    try MemoryNeed(reference: checkpoint, for: .onePass)
      .check(path: checkpoint.path, against: available)
    let weights = ReferenceWeights(checkpoint)
    configuration = checkpoint.configuration
    embedding = try weights.matrix(.embedding)
    blocks = try (0..<configuration.layerCount).map { try ReferenceBlock(weights, layer: $0) }
    outputNorm = try weights.vector(.finalNorm)
    outputHead = configuration.tiesEmbeddings ? embedding : try weights.matrix(.outputHead)
    frequencies = RotaryEmbedding(configuration).frequencies
    try checkpoint.checkUnchanged()
  }

  /// One pass over some tokens, shown from inside; the other parameters are those of
  /// `CausalLanguageModel`.
  ///
  /// - Parameters:
  ///   - shownAttention: the blocks, 1 … layerCount, whose attention weights are wanted.
  ///   - inspect: called after the embedding and after each block.
  /// - Returns: logits, `[logitRows.count][vocabularySize]`, in the order of `logitRows`.
  /// - Throws: `LlamaError` if the arguments do not fit each other, the model or the cache; nothing
  ///   has been changed then.
  public func forward(
    tokens: [TokenID], positions: [Int], mask: AttentionMask, logitRows: [Int],
    cache: inout ReferenceCache, shownAttention: Set<Int> = [],
    inspect: (ReferenceLayer) throws -> Void
  ) throws -> [[Double]] {
    try configuration.checkPass(
      tokens: tokens, positions: positions, mask: mask, logitRows: logitRows,
      cachedCount: cache.count)
    guard cache.isFor(configuration) else { throw LlamaError.cacheOfOtherModel }
    let pass = ReferencePass(
      configuration: configuration, frequencies: frequencies, positions: positions,
      visible: mask.inPositionOrder(cache.positions + positions).map(\.slots),
      shownAttention: shownAttention)
    cache.beginPass(positions: positions)

    var hidden = tokens.map { embedding.row($0).map(Double.init) }
    try inspect(ReferenceLayer(layer: 0, hidden: hidden, attentionWeights: []))
    for (index, block) in blocks.enumerated() {
      let weights = block.forward(&hidden, layer: index, pass: pass, cache: &cache)
      try inspect(ReferenceLayer(layer: index + 1, hidden: hidden, attentionWeights: weights))
    }
    return logitRows.map { row in
      let last = rmsNorm(
        hidden[row], weight: outputNorm, epsilon: Double(configuration.rmsNormEpsilon))
      return product(last, outputHead)
    }
  }
}

// MARK: - CausalLanguageModel

extension ReferenceModel {
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

/// What the reference shows after the embedding and after each block.
public struct ReferenceLayer: Sendable {
  /// 0 after the embedding, 1 … layerCount after the blocks.
  public let layer: Int
  /// The residual stream, `[tokens][hiddenSize]`.
  public let hidden: [[Double]]
  /// The block's attention weights, `[tokens][attentionHeads][cachedCount + tokens]`: of each row and
  /// head they sum to 1, and a key that the row does not see has 0. Empty after the embedding, and
  /// where they were not wanted.
  public let attentionWeights: [[[Double]]]
}

/// The parameters of a pass that are the same for all blocks.
struct ReferencePass {
  let configuration: LlamaConfiguration
  /// Rotary frequencies, `[headDim / 2]`.
  let frequencies: [Double]
  /// Position of each row.
  let positions: [Int]
  /// The keys that each row attends to, in position order.
  let visible: [[Int]]
  /// The blocks, from 1, whose attention weights are to be shown.
  let shownAttention: Set<Int>
}
