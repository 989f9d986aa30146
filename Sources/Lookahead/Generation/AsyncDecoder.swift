import Dispatch
import Llama
import Synchronization

/// An event of the generation of a text.
public enum GenerationEvent: Sendable {
  /// More of the prompt was read.
  case prompt(PromptProgress)
  /// A pass accepted these tokens, oldest first.
  case tokens([TokenID])
  /// Text of accepted tokens, if there is a tokenizer. A possible beginning of a stop string and an
  /// incomplete character are held back until they are resolved.
  case text(String)
  /// The text is complete; the last event.
  case finished(GenerationResult)
}

/// A decoder for asynchronous code: a text is an `AsyncSequence` of events.
///
/// Passes run on the decoder's own dispatch queue, not on the threads of Swift's cooperative pool. Texts
/// are generated one after the other, and the KV cache is reused from one to the next.
public final class AsyncDecoder: Sendable {
  private let decoder: Mutex<any Decoder>
  private let tokenizer: Tokenizer?
  private let queue = DispatchQueue(label: "lookahead.decoder")

  /// Capacity of the event queue. A pass sends one or two events, so this is also about the number of
  /// passes that decoding can be ahead of its reader.
  public static let readAhead = 8

  /// - Parameter tokenizer: for `GenerationEvent.text`.
  public init(_ decoder: any Decoder, tokenizer: Tokenizer? = nil) {
    self.decoder = Mutex(decoder)
    self.tokenizer = tokenizer
  }

  /// Begins to generate a text. Decoding waits while `readAhead` events are unread.
  ///
  /// When the task that awaits the events is cancelled, or the sequence and its iterators are released,
  /// the text ends after the running pass; the tokens accepted until then stay in the KV cache.
  /// - Returns: the events; reading them throws what `Decoder.generate` throws.
  public func generate(prompt: [TokenID], stop: StopRules) -> GenerationEvents {
    generate(prompt: prompt, stop: stop, onResult: { _ in })
  }

  /// - Parameter onResult: called on the decoder's queue before the last event, also for a text that
  ///   was cancelled.
  package func generate(
    prompt: [TokenID], stop: StopRules,
    onResult: @escaping @Sendable (GenerationResult) throws -> Void
  ) -> GenerationEvents {
    let channel = EventChannel()
    queue.async {
      channel.finish(
        Result {
          let (result, rest) = try self.decode(prompt, stop, into: channel)
          try onResult(result)
          if !rest.isEmpty { _ = channel.send(.text(rest)) }
          _ = channel.send(.finished(result))
        })
    }
    let reader = EventReader(channel)
    return GenerationEvents(unfolding: { try await reader.channel.next() })
  }

  /// Waits for a running text to end and calls `body` with the decoder.
  /// - Precondition: the caller is not the reader of that text: it would deadlock.
  public func withDecoder<Value: Sendable>(
    _ body: (inout any Decoder) throws -> Value
  ) rethrows -> Value {
    try decoder.withLock { try body(&$0) }
  }

  /// - Returns: the result, and the text that was held back.
  private func decode(
    _ prompt: [TokenID], _ stop: StopRules, into channel: EventChannel
  ) throws -> (GenerationResult, rest: String) {
    var text = tokenizer.map { OutputText($0, stopStrings: stop.stopStrings) }
    let result = try withDecoder { decoder in
      try decoder.generate(prompt: prompt, stop: stop) { accepted in
        var isRead = channel.send(.tokens(accepted.tokens))
        let piece = accepted.tokens.map { text?.append($0) ?? "" }.joined()
        if !piece.isEmpty { isRead = channel.send(.text(piece)) }
        return isRead ? .proceed : .cancel
      } onProgress: { progress in
        if !channel.send(.prompt(progress)) { throw CancellationError() }
      }
    }
    return (result, text?.finish() ?? "")
  }
}

/// The events of one text, in order. They can be read once.
public typealias GenerationEvents = AsyncThrowingStream<GenerationEvent, any Error>

/// Owned by a sequence of events: when it is released, the text ends.
private final class EventReader: Sendable {
  let channel: EventChannel

  init(_ channel: EventChannel) { self.channel = channel }

  deinit { channel.abandon() }
}

/// A bounded queue of events from the thread that decodes to the task that reads.
private final class EventChannel: Sendable {
  private struct State {
    var events: [GenerationEvent] = []
    /// Set after the last event.
    var end: Result<Void, any Error>?
    var isAbandoned = false
    var isWriterWaiting = false
    var reader: CheckedContinuation<GenerationEvent?, any Error>?
  }

  private enum Sending {
    case sent(to: CheckedContinuation<GenerationEvent?, any Error>?)
    case full, abandoned
  }

  private let state = Mutex(State())
  private let room = DispatchSemaphore(value: 0)

  /// Waits until there is room and adds an event.
  /// - Returns: false if no event will be read any more.
  func send(_ event: GenerationEvent) -> Bool {
    while true {
      let sending = state.withLock { state -> Sending in
        if state.isAbandoned { return .abandoned }
        if state.events.count >= AsyncDecoder.readAhead {
          state.isWriterWaiting = true
          return .full
        }
        if let reader = state.reader.take() { return .sent(to: reader) }
        state.events.append(event)
        return .sent(to: nil)
      }
      switch sending {
      case .sent(let reader):
        reader?.resume(returning: event)
        return true
      case .full: room.wait()
      case .abandoned: return false
      }
    }
  }

  func finish(_ end: Result<Void, any Error>) {
    let reader = state.withLock { state in
      let reader = state.reader.take()
      // A waiting reader gets the error; reads after that get nil.
      state.end = reader == nil ? end : .success(())
      return reader
    }
    reader?.resume(with: end.map { nil })
  }

  func next() async throws -> GenerationEvent? {
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { reader in
        let next = state.withLock { state -> Result<GenerationEvent?, any Error>? in
          if state.isAbandoned { return .success(nil) }
          if !state.events.isEmpty {
            wakeWriter(&state)
            return .success(state.events.removeFirst())
          }
          if let end = state.end.take() {
            state.end = .success(())
            return end.map { nil }
          }
          state.reader = reader
          return nil
        }
        if let next { reader.resume(with: next) }
      }
    } onCancel: {
      abandon()
    }
  }

  /// No event will be read any more.
  func abandon() {
    let reader = state.withLock { state in
      state.isAbandoned = true
      state.events = []
      wakeWriter(&state)
      return state.reader.take()
    }
    reader?.resume(returning: nil)
  }

  private func wakeWriter(_ state: inout State) {
    if state.isWriterWaiting { room.signal() }
    state.isWriterWaiting = false
  }
}
