/// The readers of files and texts that may be hostile.
enum FuzzTarget: String, CaseIterable {
  case gguf
  case ggufTokenizer = "gguf-tokenizer"
  case safetensors
  case safetensorsIndex = "safetensors-index"
  case config
  case tokenizerJSON = "tokenizer-json"
  case chatTemplate = "chat-template"
  case poolCache = "pool-cache"
  case draftMemory = "draft-memory"
  case encoding
  case streaming
  case json
  case trace
  case recordedTrace = "recorded-trace"
  case recordedSafetensors = "recorded-safetensors"
  case numPy = "numpy"
  case llamaCppLogits = "llama-cpp-logits"
  case completion
  case engineText = "engine-text"
  case engineSteps = "engine-steps"
  case mask
  case promptFile = "prompt-file"
  case stepCost = "step-cost"

  /// Lets the reader read `input`, and uses what it made of it.
  ///
  /// - Throws: the reader's own errors, which are no finding.
  func read(_ input: [UInt8]) throws {
    switch self {
    case .gguf: try GGUFTarget.read(input)
    case .ggufTokenizer: try GGUFTarget.readTokenizer(input)
    case .safetensors: try SafetensorsTarget.read(input)
    case .safetensorsIndex: try SafetensorsIndexTarget.read(input)
    case .config: try ConfigurationTarget.read(input)
    case .tokenizerJSON: try TokenizerTarget.readJSON(input)
    case .chatTemplate: try ChatTemplateTarget.read(input)
    case .poolCache: try PoolCacheTarget.read(input)
    case .draftMemory: try DraftMemoryTarget.read(input)
    case .encoding: try TokenizerTarget.encode(input)
    case .streaming: try TokenizerTarget.stream(input)
    case .json: try JSONTarget.read(input)
    case .trace: try TraceTarget.readOurs(input)
    case .recordedTrace: try TraceTarget.readAnybodys(input)
    case .recordedSafetensors: try RecordingTarget.readSafetensors(input)
    case .numPy: try RecordingTarget.readNumPy(input)
    case .llamaCppLogits: try RecordingTarget.readLlamaCpp(input)
    case .completion: try RecordingTarget.readCompletion(input)
    case .engineText: try EngineTarget.readText(input)
    case .engineSteps: try EngineTarget.readSteps(input)
    case .mask: try MaskTarget.read(input)
    case .promptFile: try PromptFileTarget.read(input)
    case .stepCost: try StepCostTarget.read(input)
    }
  }
}

extension [UInt8] {
  /// The parts between bytes of zero, for readers that take several texts; absent ones are empty.
  func parts(_ count: Int) -> [[UInt8]] {
    let parts = split(separator: 0, maxSplits: count - 1, omittingEmptySubsequences: false)
      .map([UInt8].init)
    return parts + [[UInt8]](repeating: [], count: count - parts.count)
  }
}
