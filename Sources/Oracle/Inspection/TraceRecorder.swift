import Llama
import Lookahead
import Synchronization

/// Writes a trace while a decoder runs.
///
/// It sees each pass twice: the model, a `TracedModel`, hands it the tensors, and the decoder, whose
/// observer it is, says what was decided. Each pass is written before the next one begins, so memory
/// does not grow with the length of the text.
///
/// ```swift
/// let recorder = try TraceRecorder(header, to: folder)
/// var decoder = try LookaheadDecoder(
///   model: TracedModel(model, to: recorder), selector: GreedySelector(), configuration: sizes,
///   observer: recorder)
/// let result = try decoder.generate(prompt: header.prompt, stop: rules)
/// try recorder.finish(result)
/// ```
///
/// A recorder that goes away without `finish` removes what it has written.
public final class TraceRecorder: PassObserver {
  private struct State {
    let writer: TraceWriter
    /// Tensors of the pass that the model has run and the decoder has not committed.
    var shown: PassTensors?
    /// The first layer of that pass whose hidden states are not all finite.
    var nonFinite: PassedLayer?
  }

  private let state: Mutex<State>

  /// Begins a trace.
  /// - Parameter folder: where it will be once it is finished.
  /// - Throws: `TraceError`, `OutputFileError`.
  public init(
    _ header: TraceHeader, to folder: String, replacing: Bool = false
  ) throws {
    state = Mutex(
      State(writer: try TraceWriter(header, to: folder, replacing: replacing), shown: nil))
  }

  public var passes: Int { state.withLock { $0.writer.passes } }

  public var bytes: Int { state.withLock { $0.writer.bytes } }

  func take(_ shown: PassTensors) { state.withLock { $0.shown = shown } }

  /// Takes note of a layer of the pass that is running.
  func take(_ layer: PassedLayer) {
    state.withLock { state in
      if layer.layer == 0 { state.nonFinite = nil }
      if state.nonFinite == nil, layer.firstNonFiniteRow != nil { state.nonFinite = layer }
    }
  }

  /// The first layer of the last pass whose hidden states are not all finite.
  var nonFiniteLayer: PassedLayer? { state.withLock { $0.nonFinite } }

  /// Writes a pass.
  /// - Precondition: the decoder's model is a `TracedModel` of this recorder.
  /// - Throws: `OutputFileError`.
  public func observe(_ pass: PassRecord) throws {
    try record { index, logitRows in TracePass(pass, index: index, logitRows: logitRows) }
  }

  /// Writes the pass that the model has just run.
  func record(_ describe: (_ index: Int, _ logitRows: [Int]) -> TracePass) throws {
    try state.withLock { state in
      guard let shown = state.shown else {
        preconditionFailure("a pass was observed of a model that is not traced by its observer")
      }
      state.shown = nil
      try state.writer.append(
        describe(state.writer.passes, shown.logitRows), tensors: shown.tensors)
    }
  }

  /// Ends the trace of a text, or of passes that made none, and puts it in its place.
  /// - Throws: `TraceError`, `OutputFileError`.
  public func finish(_ result: GenerationResult? = nil) throws {
    try state.withLock {
      try $0.writer.finish(tokens: result?.tokens ?? [], finishReason: result?.finishReason)
    }
  }
}
