import Llama

/// What happens while a text is made.
public enum GenerationEvent: Sendable {
  /// More of the prompt was read.
  case prompt(PromptProgress)
  /// A pass accepted these tokens, oldest first.
  case tokens([TokenID])
  /// More of the text is accepted. What could be the beginning of a stop string, and an unfinished
  /// character, come later than their tokens. Only where there is a tokenizer.
  case text(String)
  /// The text is complete; the last event.
  case finished(GenerationResult)
}

/// A decoder for asynchronous code: a text is a sequence of events that can be awaited.
///
/// It keeps its cache from one text to the next, and makes one text at a time.
public actor AsyncDecoder<Base: Decoder> {
  private var decoder: Base
  private let tokenizer: Tokenizer?

  /// A decoder, and the tokenizer that makes text of its tokens.
  public init(_ decoder: Base, tokenizer: Tokenizer? = nil) {
    self.decoder = decoder
    self.tokenizer = tokenizer
  }

  /// Begins to make a text. Passes run ahead of whoever reads the events.
  ///
  /// When the task that awaits the events is cancelled, or nobody keeps the sequence any more, the
  /// text ends after the running pass; the tokens accepted until then stay in the cache.
  /// - Returns: the events; reading them throws what `Decoder.generate` throws.
  public nonisolated func generate(prompt: [TokenID], stop: StopRules) -> GenerationEvents {
    let (stream, events) = AsyncThrowingStream.makeStream(of: GenerationEvent.self)
    let task = Task {
      do {
        try await self.run(prompt: prompt, stop: stop) { events.yield($0) }
        events.finish()
      } catch {
        events.finish(throwing: error)
      }
    }
    events.onTermination = { _ in task.cancel() }
    return GenerationEvents(stream: stream)
  }

  private func run(
    prompt: [TokenID], stop: StopRules, report: (GenerationEvent) -> Void
  ) throws {
    var text = tokenizer.map { OutputText($0, stopStrings: stop.stopStrings) }
    let result = try decoder.generate(prompt: prompt, stop: stop) { accepted in
      report(.tokens(accepted.tokens))
      let piece = accepted.tokens.map { text?.append($0) ?? "" }.joined()
      if !piece.isEmpty { report(.text(piece)) }
      return Task.isCancelled ? .cancel : .proceed
    } onProgress: { progress in
      try Task.checkCancellation()
      report(.prompt(progress))
    }
    if let rest = text?.finish(), !rest.isEmpty { report(.text(rest)) }
    report(.finished(result))
  }
}

/// The events of one text, in order.
public struct GenerationEvents: AsyncSequence, Sendable {
  fileprivate let stream: AsyncThrowingStream<GenerationEvent, any Error>

  /// Awaits the events one by one.
  public struct AsyncIterator: AsyncIteratorProtocol {
    fileprivate var base: AsyncThrowingStream<GenerationEvent, any Error>.AsyncIterator

    /// The next event; nothing after the last, or when the task is cancelled.
    public mutating func next() async throws -> GenerationEvent? {
      let event = try await base.next()
      // What passes that ran ahead have left is not read after a cancellation.
      return Task.isCancelled ? nil : event
    }
  }

  /// Begins to await the events.
  public func makeAsyncIterator() -> AsyncIterator {
    AsyncIterator(base: stream.makeAsyncIterator())
  }
}
