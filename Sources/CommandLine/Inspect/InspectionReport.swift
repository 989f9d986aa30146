import Llama
import Session

struct InspectionReport: Encodable {
  struct Architecture: Encodable {
    let vocabularySize: Int
    let hiddenSize: Int
    let intermediateSize: Int
    let layerCount: Int
    let attentionHeads: Int
    let kvHeads: Int
    let headDim: Int
    let rmsNormEpsilon: Float
    let ropeBase: Double
    let ropeScaling: String
    let contextLength: Int
    let tiesEmbeddings: Bool
    let hasAttentionBias: Bool
    let hasFeedForwardBias: Bool
    @Nullable var bosTokenId: Int?
    let eosTokenIds: [Int]
  }

  struct Tensor: Encodable {
    let name: String
    let shape: [Int]
    let format: String
    let bytes: Int
  }

  struct Format: Encodable {
    let name: String
    let tensors: Int
    let elements: Int
    let bytes: Int
  }

  /// Bytes.
  struct Memory: Encodable {
    /// All weights as they are held by default, nearly as stored.
    let weights: Int
    let weightsAsFloat32: Int
    let cachePerThousandTokens: Int
    let cacheOfWholeContext: Int
  }

  let model: ModelReport
  let architecture: Architecture
  let formats: [Format]
  let tensors: [Tensor]
  @Nullable var tokenizer: String?
  let chatTemplate: String
  let memory: Memory

  init(_ opened: OpenedModel) throws {
    let checkpoint = opened.checkpoint
    let configuration = checkpoint.configuration
    model = try ModelReport(opened)
    architecture = Architecture(configuration)
    tensors = checkpoint.tensors.values.map {
      Tensor(
        name: $0.storedName, shape: $0.shape, format: $0.format.name, bytes: $0.byteRange.count)
    }.sorted { $0.name.inNaturalOrder(before: $1.name) }
    formats = Dictionary(grouping: checkpoint.tensors.values, by: \.format.name)
      .map { name, tensors in
        Format(
          name: name, tensors: tensors.count, elements: tensors.reduce(0) { $0 + $1.count },
          bytes: tensors.reduce(0) { $0 + $1.byteRange.count })
      }.sorted { ($1.bytes, $0.name) < ($0.bytes, $1.name) }
    tokenizer = opened.tokenizer?.description
    chatTemplate = opened.chatTemplateDescription
    memory = Memory(
      weights: checkpoint.tensors.values.reduce(0) { $0 + $1.heldBytes() },
      weightsAsFloat32: configuration.float32WeightBytes,
      cachePerThousandTokens: configuration.cacheBytesPerToken * 1_000,
      cacheOfWholeContext: configuration.cacheBytesPerToken * configuration.contextLength)
  }
}

extension OpenedModel {
  /// The family of the chat template and its own system message, or why there is none to use.
  fileprivate var chatTemplateDescription: String {
    switch chatTemplate {
    case nil:
      return "none, since there is no tokenizer"
    case .failure(.absent):
      return "none"
    case .failure(let error):
      return "not usable: \(error)"
    case .success(let template):
      let system =
        template.supportsSystemMessage
        ? template.defaultSystemMessage.map { "default system message \"\($0)\"" }
          ?? "no default system message"
        : "no system messages"
      return "\(template.format.rawValue), \(system)"
    }
  }
}

extension InspectionReport.Architecture {
  init(_ configuration: LlamaConfiguration) {
    vocabularySize = configuration.vocabularySize
    hiddenSize = configuration.hiddenSize
    intermediateSize = configuration.intermediateSize
    layerCount = configuration.layerCount
    attentionHeads = configuration.attentionHeads
    kvHeads = configuration.kvHeads
    headDim = configuration.headDim
    rmsNormEpsilon = configuration.rmsNormEpsilon
    ropeBase = configuration.ropeBase
    ropeScaling =
      switch configuration.ropeScaling {
      case .unscaled: "none"
      case .linear(let factor): "linear, factor \(factor.short)"
      case .llama3(let factor, let low, let high, let original):
        "llama3, factor \(factor.short), low \(low.short), high \(high.short), "
          + "original context \(original)"
      case .divided(let divisors): "\(divisors.count.counted("divisor")) from the file"
      }
    contextLength = configuration.contextLength
    tiesEmbeddings = configuration.tiesEmbeddings
    hasAttentionBias = configuration.hasAttentionBias
    hasFeedForwardBias = configuration.hasFeedForwardBias
    bosTokenId = configuration.bosTokenID
    eosTokenIds = configuration.eosTokenIDs
  }
}

extension String {
  /// Whether this stands before the other where numbers in names count as numbers: `blk.9` before
  /// `blk.10`.
  fileprivate func inNaturalOrder(before other: String) -> Bool {
    let parts = { (text: String) in text.split(separator: ".").map { (Int($0), $0) } }
    for (a, b) in zip(parts(self), parts(other)) where a.1 != b.1 {
      if let a = a.0, let b = b.0 { return a < b }
      return a.1 < b.1
    }
    return count < other.count
  }
}
