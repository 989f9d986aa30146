import Files
import Tensor

/// A LLaMA, or a model of one of the families that `ModelVariant` describes: embedding, transformer
/// blocks, norm, output head.
///
/// Immutable; one model serves any number of caches, decoders and threads at the same time. Callers on
/// several threads take turns at the executor's threads, job by job, and each gets the bits that it
/// would get alone.
///
/// On the exact path the logits of a row are a function of its token, its position and the tokens and
/// positions of the keys it sees, in position order, to the last bit (docs/numerics.md).
public final class LlamaModel: CausalLanguageModel {
  public let configuration: LlamaConfiguration
  public let path: MatrixProductPath
  /// The form of keys and values in the caches that it makes and reads.
  public let cacheFormat: KeyValueFormat
  public let executor: Executor
  private let weights: LlamaWeights
  /// Of each rotation that some layer has.
  private let rotaries: [LayerRotation: RotaryEmbedding]

  /// Reads the weights of a checkpoint into memory, laid out for the chosen path.
  /// - Parameters:
  ///   - storage: the form in which the exact path keeps the weights; it changes no bit.
  ///   - requantisedAs: a format of `ElementFormat.encodable` that the matrices of the blocks are written
  ///     in again, where their rows fit it: the weights of another file of the same model.
  ///   - cacheFormat: the form of keys and values in its caches; float16 rounds them once.
  ///   - executor: the threads and the instruction set to use.
  ///   - available: the memory there is; nil for no limit.
  ///   - onProgress: called with the share of the weights that was read, from 0 to 1; what it throws
  ///     ends the reading.
  /// - Throws: `MemoryError` if weights, one block of the cache and a pass of one row would not fit
  ///   that memory, before any of it is taken; `FileError` if a tensor is missing;
  ///   `InputFileError` if a file was changed since it was opened.
  public init(
    _ checkpoint: Checkpoint, path: MatrixProductPath, storage: WeightStorage = .stored,
    requantisedAs format: ElementFormat? = nil, cacheFormat: KeyValueFormat = .float32,
    on executor: Executor, available: AvailableMemory? = .now(),
    onProgress: (Double) throws -> Void = { _ in }
  ) throws {
    try MemoryNeed(
      checkpoint, path: path, storage: storage, cacheFormat: cacheFormat, for: .onePass,
      on: executor
    ).check(path: checkpoint.path, against: available)
    configuration = checkpoint.configuration
    self.path = path
    self.cacheFormat = cacheFormat
    self.executor = executor
    weights = try LlamaWeights(
      checkpoint, path: path, storage: storage, requantisedAs: format, on: executor,
      onProgress: onProgress)
    rotaries = checkpoint.configuration.rotaries
    try checkpoint.checkUnchanged()
  }

  private init(_ other: LlamaModel, _ configuration: LlamaConfiguration, _ format: KeyValueFormat) {
    self.configuration = configuration
    path = other.path
    cacheFormat = format
    executor = other.executor
    weights = other.weights
    rotaries = configuration.rotaries
  }

  /// The same weights, in the same memory, with caches of another form.
  public func with(cacheFormat: KeyValueFormat) -> LlamaModel {
    LlamaModel(self, configuration, cacheFormat)
  }

  /// The same weights, in the same memory, with other rotary frequencies: what an engine computes that
  /// has them wrong.
  public func with(ropeBase: Double, ropeScaling: RotaryScaling) -> LlamaModel {
    var configuration = configuration
    configuration.ropeBase = ropeBase
    configuration.ropeScaling = ropeScaling
    return LlamaModel(self, configuration, cacheFormat)
  }

  public var vocabularySize: Int { configuration.vocabularySize }
  public var contextLength: Int { configuration.contextLength }

  public var weightBytes: Int {
    streamedWeightBytes + (configuration.tiesEmbeddings ? 0 : weights.embedding.byteCount)
  }

  /// Bytes of the weights that a pass with logits reads: all but an embedding that is not the output
  /// head too, of which it reads only the rows of its tokens.
  public var streamedWeightBytes: Int { weights.streamedBytes }

  public func makeCache() -> KVCache { KVCache(configuration, format: cacheFormat) }

  public func forward(
    tokens: [TokenID], positions: [Int], mask: AttentionMask, logitRows: [Int],
    cache: inout KVCache
  ) throws -> Matrix {
    try forward(
      tokens: tokens, positions: positions, mask: mask, logitRows: logitRows, cache: &cache
    ) { _ in }
  }

  /// One pass over some tokens, shown from inside.
  /// - Parameters:
  ///   - shownAttention: the blocks, 1 … layerCount, whose attention weights are wanted; they are
  ///     computed beside the pass and change no bit of it.
  ///   - inspect: called after the embedding and after each block.
  /// - Throws: `LlamaError` if the arguments do not fit each other, the model or the cache; nothing
  ///   has been changed then.
  public func forward(
    tokens: [TokenID], positions: [Int], mask: AttentionMask, logitRows: [Int],
    cache: inout KVCache, shownAttention: Set<Int> = [], inspect: (LlamaLayer) throws -> Void
  ) throws -> Matrix {
    let request = PassRequest(
      tokens: tokens, positions: positions, mask: mask, logitRows: logitRows)
    let text = try TextView(
      request, from: 0, cache, format: cacheFormat, of: configuration,
      shownAttention: shownAttention)
    let pass = forwardPass(positions: positions)
    cache.beginPass(positions: positions)
    var hidden = embedded(tokens)
    try inspect(LlamaLayer(layer: 0, hidden: hidden, attentionWeights: nil))
    for (layer, block) in weights.blocks.enumerated() {
      let weights = block.forward(&hidden, layer: layer, pass: pass, text: text, cache: &cache)
      try inspect(LlamaLayer(layer: layer + 1, hidden: hidden, attentionWeights: weights))
    }
    return logits(hidden, rows: logitRows)
  }

  /// One pass over the rows of several texts: the products with weights are over all rows at once, which
  /// costs little more than one text's, and each text attends to its own cache. The bits of each are
  /// those of a pass of its own.
  public func forward(
    _ requests: [PassRequest], caches: inout [KVCache]
  ) throws -> [Matrix] {
    precondition(requests.count == caches.count, "\(requests.count) passes, \(caches.count) caches")
    var texts: [TextView] = []
    for (request, cache) in zip(requests, caches) {
      let first = texts.last?.rows.upperBound ?? 0
      texts.append(
        try TextView(request, from: first, cache, format: cacheFormat, of: configuration))
    }
    let pass = forwardPass(positions: requests.flatMap(\.positions))
    for (index, request) in requests.enumerated() {
      caches[index].beginPass(positions: request.positions)
    }
    var hidden = embedded(requests.flatMap(\.tokens))
    for (layer, block) in weights.blocks.enumerated() {
      block.forward(&hidden, layer: layer, pass: pass, texts: texts, caches: &caches)
    }
    let rows = zip(texts, requests).flatMap { text, request in
      request.logitRows.map { text.rows.lowerBound + $0 }
    }
    let all = logits(hidden, rows: rows)
    var first = 0
    return requests.map { request in
      defer { first += request.logitRows.count }
      return all.selectingRows(Array(first..<first + request.logitRows.count))
    }
  }

  private func forwardPass(positions: [Int]) -> ForwardPass {
    ForwardPass(
      configuration: configuration, executor: executor,
      angles: rotaries.mapValues { $0.angles(positions: positions) })
  }

  private func embedded(_ tokens: [TokenID]) -> Matrix {
    var hidden = weights.embedding.rows(tokens, on: executor)
    let multiplier = configuration.variant.embeddingMultiplier
    if multiplier != 1 { hidden.multiply(by: Float(multiplier)) }
    return hidden
  }

  /// The logits of some rows of the last hidden state.
  private func logits(_ hidden: Matrix, rows: [Int]) -> Matrix {
    if rows.isEmpty { return Matrix(rows: 0, columns: vocabularySize) }
    let variant = configuration.variant
    let last = rmsNorm(
      hidden.selectingRows(rows), weight: weights.outputNorm,
      epsilon: configuration.rmsNormEpsilon, on: executor)
    var logits = product(last, weights.outputHead, on: executor)
    if variant.logitDivisor != 1 { logits.divide(by: Float(variant.logitDivisor)) }
    if let cap = variant.logitCap { softCap(&logits, cap: Float(cap), on: executor) }
    return logits
  }
}

/// What the model shows after the embedding and after each block; `ReferenceLayer` is the same in
/// Double.
public struct LlamaLayer: Sendable {
  /// 0 after the embedding, 1 … layerCount after the blocks.
  public let layer: Int
  /// The residual stream, `[tokens, hiddenSize]`.
  public let hidden: Matrix
  /// The block's attention weights, `[tokens, attentionHeads * (cachedCount + tokens)]`, key by key
  /// within a head: of each row and head they sum to 1, and a key that the row does not see has 0.
  /// None after the embedding, or where they were not asked for.
  public let attentionWeights: Matrix?
}
