import Llama
import Lookahead
import Tensor

extension Verifier where Model: InspectableModel {
  /// Repeats the smallest case that fails and writes a trace of it, which ends with the pass that
  /// differs, or before the one that ended with an error. `CounterExample.trace` names it then; it is
  /// left out, and nothing is written, where the case does not fail in the same way again.
  ///
  /// The trace has the logits that the decoder requested and all hidden states. Its schedule may be the
  /// automatic one, which goes by drawn times here. Nothing is done where all runs were equal.
  /// - Throws: `TraceError` if there is something already, or it cannot be written; `OutputFileError`.
  public mutating func trace(
    _ found: inout Verification, producer: TraceHeader.Producer, model: TraceModel,
    arithmetic: TraceHeader.Arithmetic, kvCache: KeyValueFormat = .float32, to folder: String
  ) throws {
    guard let smallest = found.smallestCase, let example = found.counterExample else { return }
    let reference = try models.model(for: ExecutionSetting())
    let text = try PlainText(smallest.reference, on: reference) { false }
    guard let text else { return }
    let sizes = smallest.setting.lookahead
    let recorder = try TraceRecorder(
      TraceHeader(
        producer: producer, model: model, arithmetic: arithmetic, kvCache: kvCache,
        decoder: sizes == nil ? .plain : .lookahead,
        lookahead: try sizes.map {
          TraceLookahead(try $0.configuration(seed: smallest.sampling.seed))
        },
        sampling: TraceSampling(smallest.sampling), prompt: smallest.prompt),
      to: folder)
    let traced = try TracedModel(
      models.model(for: smallest.setting.execution), showing: TensorSelection(hidden: true),
      to: recorder)
    let comparison = try CaseComparison(
      smallest, on: traced, with: text, observer: recorder, isCancelled: { false })
    guard comparison.difference == example.difference else { return }
    try recorder.finish(comparison.result)
    found.counterExample?.trace = folder
  }
}
