import Files
import Llama
import Lookahead

/// What plain decoding makes of a prompt.
struct PlainText: Sendable {
  let tokens: [TokenID]
  let finishReason: FinishReason
  /// Of the logits behind the tokens.
  let digest: LogitsDigest
}

extension PlainText {
  /// Decodes plainly; nil if it was cancelled.
  /// - Parameters:
  ///   - onTokens: called with the token of every pass.
  ///   - isCancelled: asked after every pass.
  /// - Throws: what the model or the selector throws.
  init?(
    _ reference: VerificationCase, on model: some CausalLanguageModel,
    onTokens: (Accepted) -> Void = { _ in }, isCancelled: () -> Bool
  ) throws {
    var decoder = try reference.makeDecoder(on: model, observer: nil)
    var digest = LogitsDigest()
    let result = try decoder.generate(prompt: reference.prompt, stop: reference.stop) { accepted in
      onTokens(accepted)
      digest.append(accepted)
      return isCancelled() ? .cancel : .proceed
    } onProgress: { _ in
      if isCancelled() { throw CancellationError() }
    }
    if result.finishReason == .cancelled { return nil }
    self.init(tokens: result.tokens, finishReason: result.finishReason, digest: digest)
  }
}

/// A run beside plain decoding.
struct CaseComparison {
  /// What the run made, up to the first difference; nil where it ended with an error.
  let result: GenerationResult?
  let difference: RunDifference?
  /// Rows of the largest pass but those that read the prompt.
  let largestPass: Int
  /// Whether it was cancelled before anything was known.
  var isCancelled: Bool { difference == nil && result?.finishReason == .cancelled }

  /// Runs a case up to the first difference.
  /// - Parameters:
  ///   - onTokens: called with the tokens of every pass.
  ///   - isCancelled: asked after every pass.
  /// - Throws: `LookaheadError` if there is no such decoder, and what the observer throws when it
  ///   cannot write. Errors of the run are differences: plain decoding had none.
  init(
    _ tried: VerificationCase, on model: some CausalLanguageModel, with plain: PlainText,
    observer: (any PassObserver)? = nil, onTokens: (Accepted) -> Void = { _ in },
    isCancelled: () -> Bool
  ) throws {
    var decoder = try tried.makeDecoder(on: model, observer: observer)
    var digest = LogitsDigest()
    var tokens: [TokenID] = []
    var first: RunDifference?
    var largest = 0
    do {
      let result = try decoder.generate(prompt: tried.prompt, stop: tried.stop) { accepted in
        onTokens(accepted)
        if accepted.size != nil { largest = max(largest, accepted.rows) }
        digest.append(accepted)
        let checked = tokens.count
        tokens += accepted.tokens
        first = RunDifference(tokens, digest, from: plain, checked: checked)
        return first != nil || isCancelled() ? .cancel : .proceed
      } onProgress: { _ in
        if isCancelled() { throw CancellationError() }
      }
      self.result = result
      difference =
        first
        ?? (result.finishReason == .cancelled ? nil : RunDifference(endOf: result, from: plain))
    } catch let error where error is TraceError || error is OutputFileError {
      throw error
    } catch {
      result = nil
      difference = RunDifference(error, after: tokens.count, from: plain)
    }
    largestPass = largest
  }
}
