import Files
import Tensor

/// The memory that a model takes, computed from the headers of its files before any of it is taken.
///
/// No sum or product overflows: what would be more than `Int.max` counts as `Int.max`.
public struct MemoryNeed: Equatable, Sendable {
  /// Bytes of the weights in the form in which they are kept.
  public let weights: Int
  /// Bytes of the keys and values of the text and of the largest pass.
  public let cache: Int
  /// Bytes of the activations and logits of the largest pass.
  public let activations: Int
  /// Bytes that the decoder stores beside the model.
  public let drafts: Int

  /// The memory of a model in use; each thread of the executor has attention scores of its own.
  public init(
    _ checkpoint: Checkpoint, path: MatrixProductPath, storage: WeightStorage,
    cacheFormat: KeyValueFormat = .float32, for use: ModelUse, on executor: Executor
  ) {
    self.init(
      checkpoint, path: path, storage: storage, cacheFormat: cacheFormat, for: use,
      scoreBytes: executor.attentionScoreBytes(slots: use.tokens.adding(use.rows)))
  }

  private init(
    _ checkpoint: Checkpoint, path: MatrixProductPath, storage: WeightStorage,
    cacheFormat: KeyValueFormat, for use: ModelUse, scoreBytes: Int
  ) {
    let configuration = checkpoint.configuration
    weights = checkpoint.tensors.values.reduce(0) {
      $0.adding($1.heldBytes(path: path, storage: storage))
    }
    let store = KeyValueStore(
      layers: configuration.layerCount, kvHeads: configuration.kvHeads,
      headDim: configuration.headDim, format: cacheFormat)
    let blocks = (use.tokens.adding(use.rows) / store.slotsPerBlock).adding(use.texts)
    cache = blocks.times(store.bytesPerBlock)
    // The residual stream, its normalised copy and two results beside it; queries, keys, values and
    // the attention output; gate and up, and their product.
    let heads = configuration.attentionHeads + 2 * configuration.kvHeads
    let perRow =
      4 * configuration.hiddenSize + 2 * heads * configuration.headDim
      + 3 * configuration.intermediateSize
    activations = use.rows.times(perRow)
      .adding(use.logitRows.times(configuration.vocabularySize))
      .adding(use.shown).times(MemoryLayout<Float>.stride)
      .adding(use.listedKeys.times(MemoryLayout<Int>.stride)).adding(scoreBytes)
      .adding(Self.windowBytes(configuration, use))
    drafts = use.draftBytes
  }

  /// Bytes of the lists of the keys that rows see within windows, once for each window, and of one list
  /// from which they are taken.
  private static func windowBytes(_ configuration: LlamaConfiguration, _ use: ModelUse) -> Int {
    let slots = use.tokens.adding(use.rows)
    let listed = configuration.windows.reduce(0) { $0.adding(min($1, slots)) }
    let keys = use.rows.times(listed).adding(configuration.windows.isEmpty ? 0 : slots)
    return keys.times(MemoryLayout<Int>.stride)
  }

  /// The memory of a `ReferenceModel`: weights as Floats, all else as Doubles.
  ///
  /// While a tensor is read there is a copy of it; shown numbers are there twice, row by row and as one
  /// tensor.
  public init(reference checkpoint: Checkpoint, for use: ModelUse) {
    var use = use
    use.shown = use.shown.times(2)
    let floats = MemoryNeed(
      checkpoint, path: .blas, storage: .float32, cacheFormat: .float32, for: use, scoreBytes: 0)
    let largest = checkpoint.tensors.values.map { $0.heldBytes(path: .blas, storage: .float32) }
      .max()
    weights = floats.weights.adding(largest ?? 0)
    cache = floats.cache.times(2)
    activations = floats.activations.times(2)
    drafts = floats.drafts
  }

  public var total: Int { weights.adding(cache).adding(activations).adding(drafts) }

  /// - Parameters:
  ///   - path: the model's, for the message.
  ///   - available: nil where it is not known.
  /// - Throws: `MemoryError` if more is needed than is available.
  public func check(path: String, against available: AvailableMemory?) throws(MemoryError) {
    if let available, total > available.bytes {
      throw MemoryError(path: path, needed: self, available: available)
    }
  }
}

/// A model was not loaded, since it would take more memory than there is.
public struct MemoryError: Error, Equatable, Sendable, CustomStringConvertible {
  public let path: String
  public let needed: MemoryNeed
  public let available: AvailableMemory

  public var description: String {
    "\(path) needs \(needed.total.megabytesUp) MB of memory (weights "
      + "\(needed.weights.megabytesUp), keys and values \(needed.cache.megabytesUp), activations "
      + "\(needed.activations.megabytesUp)), but \(available.limit.rawValue) "
      + "\(available.bytes / 1_000_000) MB."
  }
}

extension Int {
  /// Bytes in units of 1,000,000, rounded up.
  fileprivate var megabytesUp: Int { self / 1_000_000 + (self % 1_000_000 == 0 ? 0 : 1) }
}
