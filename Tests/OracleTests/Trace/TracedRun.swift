import Llama
import Lookahead
import Oracle
import TestSupport
import Testing

/// A text of the fixture model, its trace, and the same text made without one.
struct TracedRun {
  /// Ways to make a text that a trace tells apart.
  enum Style: CaseIterable {
    case plain, lookahead, lade, separateRows, noWindow, sampled, wholePrompt

    var configuration: LookaheadConfiguration? {
      get throws {
        switch self {
        case .plain: nil
        case .lookahead, .sampled:
          try LookaheadConfiguration(windowSize: 3, ngramSize: 4, candidatesPerToken: 4)
        case .wholePrompt:
          try LookaheadConfiguration(windowSize: 2, ngramSize: 2, candidatesPerToken: 1)
        case .lade:
          try LookaheadConfiguration(
            windowSize: 3, ngramSize: 3, candidatesPerToken: 3,
            poolSources: [.window, .prompt, .output], policy: .lade)
        case .separateRows:
          try LookaheadConfiguration(
            windowSize: 2, ngramSize: 4, candidatesPerToken: 4, candidateLayout: .separate)
        case .noWindow:
          try LookaheadConfiguration(windowSize: 0, ngramSize: 4, candidatesPerToken: 3)
        }
      }
    }

    var sampling: SamplingConfiguration {
      get throws {
        self == .sampled
          ? try SamplingConfiguration(
            temperature: 0.8, topK: 40, logitBias: [5: -.infinity, 7: 0.5], seed: 3)
          : try SamplingConfiguration()
      }
    }

    var prefillChunk: Int { self == .wholePrompt ? 512 : 8 }
  }

  let folder: TemporaryFolder
  let trace: Trace
  let result: GenerationResult
  /// The settled tokens and the bits of the logits behind them, pass by pass.
  let settled: [Settled]

  struct Settled: Equatable {
    let tokens: [TokenID]
    let logits: [[UInt32]]

    init(_ settled: Accepted) {
      tokens = settled.tokens
      logits = settled.logitRows.map { settled.logits.row($0).map(\.bitPattern) }
    }
  }

  /// Where the trace is.
  var path: String { folder.file("trace") }

  /// A prompt that repeats itself, so that candidates are right now and then.
  static func prompt() throws -> [TokenID] {
    let tokenizer = try #require(try TestModels.checkpoint("tiny-llama").makeTokenizer())
    return tokenizer.encode(
      "Once upon a time there was a fox. Once upon a time", addSpecialTokens: true,
      parseSpecialTokens: false)
  }

  static let rules = StopRules(endTokens: [0, 2], maximumTokens: 20)

  init(
    _ style: Style, on model: some InspectableModel, arithmetic: TraceHeader.Arithmetic = .exact,
    showing selection: TensorSelection = TensorSelection()
  ) throws {
    folder = try TemporaryFolder()
    let configuration = try style.configuration
    let header = TraceHeader(
      producer: TraceHeader.Producer(version: "0"),
      model: TraceModel(
        name: "tiny-llama", sha256: String(repeating: "0", count: 64), format: "none",
        parameters: 1, configuration: TraceConfiguration(model.configuration)),
      arithmetic: arithmetic, decoder: configuration == nil ? .plain : .lookahead,
      lookahead: configuration.map(TraceLookahead.init),
      sampling: TraceSampling(try style.sampling), prompt: try Self.prompt())
    let recorder = try TraceRecorder(header, to: folder.file("trace"))
    let traced = try TracedModel(model, showing: selection, to: recorder)
    (result, settled) = try Self.generate(style, on: traced, observer: recorder)
    try recorder.finish(result)
    trace = try Trace(folder: folder.file("trace"))
  }

  /// Makes the text.
  static func generate(
    _ style: Style, on model: some CausalLanguageModel, observer: (any PassObserver)? = nil
  ) throws -> (GenerationResult, [Settled]) {
    let selector = SamplingSelector(try style.sampling)
    var decoder: any Decoder =
      if let configuration = try style.configuration {
        try LookaheadDecoder(
          model: model, selector: selector, configuration: configuration,
          prefillChunk: style.prefillChunk, observer: observer)
      } else {
        try AutoregressiveDecoder(
          model: model, selector: selector, prefillChunk: style.prefillChunk, observer: observer)
      }
    var settled: [Settled] = []
    let result = try decoder.generate(prompt: prompt(), stop: rules) {
      settled.append(Settled($0))
      return .proceed
    }
    return (result, settled)
  }

  /// The tensors of a pass.
  func tensors(ofPass index: Int) throws -> SafetensorsReader {
    try SafetensorsReader(path: "\(path)/\(TracePass.file(ofPass: index))")
  }
}
