import Llama
import Session
import Tensor

struct InspectionReport {
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
    let float16CachePerThousandTokens: Int
    let float16CacheOfWholeContext: Int
  }

  let model: ModelReport
  let architecture: LlamaConfiguration
  let formats: [Format]
  let tensors: [StoredTensor]
  /// Of the files, those that nothing reads.
  let unreadTensors: [String]
  let tokenizer: String?
  let chatTemplate: String
  /// What products are computed in where text is made and nothing is asked for; the oracle's commands
  /// compute exactly.
  let arithmetic: MatrixProductPath
  let memory: Memory

  init(_ opened: OpenedModel) throws {
    let checkpoint = opened.checkpoint
    model = try ModelReport(opened)
    architecture = checkpoint.configuration
    tensors = checkpoint.tensors.values.sorted {
      $0.storedName.inNaturalOrder(before: $1.storedName)
    }
    formats = Dictionary(grouping: tensors, by: \.format.name)
      .map { name, tensors in
        Format(
          name: name, tensors: tensors.count, elements: tensors.reduce(0) { $0 + $1.count },
          bytes: tensors.reduce(0) { $0 + $1.byteRange.count })
      }.sorted { ($1.bytes, $0.name) < ($0.bytes, $1.name) }
    tokenizer =
      opened.text.tokenizerError.map { "not usable: \($0)" } ?? opened.tokenizer?.description
    unreadTensors = checkpoint.unreadTensors
    chatTemplate = opened.chatTemplateDescription
    arithmetic = .usual(for: checkpoint, .stored)
    let (float32, float16) = (
      architecture.cacheBytesPerToken(as: .float32), architecture.cacheBytesPerToken(as: .float16)
    )
    memory = Memory(
      weights: tensors.reduce(0) { $0 + $1.heldBytes() },
      weightsAsFloat32: architecture.float32WeightBytes,
      cachePerThousandTokens: float32 * 1_000,
      cacheOfWholeContext: float32 * architecture.contextLength,
      float16CachePerThousandTokens: float16 * 1_000,
      float16CacheOfWholeContext: float16 * architecture.contextLength)
  }

  var json: JSONObject {
    [
      "model": model,
      "architecture": architecture.report,
      "formats": formats,
      "tensors": tensors.map(\.report),
      "unread_tensors": unreadTensors,
      "tokenizer": tokenizer,
      "chat_template": chatTemplate,
      "arithmetic": arithmetic.rawValue,
      "memory": memory,
    ]
  }
}

extension OpenedModel {
  /// Whether the chat template can be used and its own system message, or why there is none to use.
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
      return "usable, \(system)"
    }
  }
}

extension LlamaConfiguration {
  fileprivate var report: JSONObject {
    [
      "vocabulary_size": vocabularySize,
      "hidden_size": hiddenSize,
      "intermediate_size": intermediateSize,
      "layer_count": layerCount,
      "attention_heads": attentionHeads,
      "kv_heads": kvHeads,
      "head_dim": headDim,
      "rms_norm_epsilon": rmsNormEpsilon,
      "rope_base": ropeBase,
      "rope_scaling": ropeScaling.words,
      "context_length": contextLength,
      "ties_embeddings": tiesEmbeddings,
      "has_attention_bias": hasAttentionBias,
      "has_feed_forward_bias": hasFeedForwardBias,
      "family": variant.family.rawValue,
      "variant": variant == .llama ? nil : variant,
      "bos_token_id": bosTokenID,
      "eos_token_ids": eosTokenIDs,
    ]
  }
}

extension RotaryScaling {
  var words: String {
    switch self {
    case .unscaled: "none"
    case .linear(let factor): "linear, factor \(factor.short)"
    case .llama3(let factor, let low, let high, let original):
      "llama3, factor \(factor.short), low \(low.short), high \(high.short), "
        + "original context \(original)"
    case .yarn(let yarn):
      "yarn, factor \(yarn.factor.short), attention factor \(yarn.attentionFactor.short), "
        + "original context \(yarn.originalContextLength)"
    case .divided(let divisors, let attentionFactor):
      "\(divisors.count.counted("divisor")) from the file"
        + (attentionFactor == 1 ? "" : ", attention factor \(attentionFactor.short)")
    }
  }
}

extension StoredTensor {
  fileprivate var report: JSONObject {
    ["name": storedName, "shape": shape, "format": format.name, "bytes": byteRange.count]
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
