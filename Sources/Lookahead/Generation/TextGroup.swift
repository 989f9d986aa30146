import Llama
import Tensor

/// Makes several texts of one model, their passes together: each is planned by its own decoder, one
/// forward pass runs all rows, and each decoder commits its part. Every text is the one that its decoder
/// makes alone; so are its logits, bit for bit, where the model keeps the contract of docs/numerics.md.
///
/// A text that ends makes room for the next prompt, whose prefill runs beside the other texts' steps.
public struct TextGroup<Model: CausalLanguageModel> {
  public enum Event: Sendable {
    case accepted(Accepted)
    case finished(GenerationResult)
    /// The text was not begun, or not finished.
    case failed(any Error)
  }

  private struct Place {
    var decoder: any Decoder<Model>
    /// Index of the prompt, and its text so far; nil where the place is free.
    var text: (index: Int, growth: TextGrowth)?
    var began = 0.0
  }

  private let model: Model
  private let clock: PassClock
  private var places: [Place]
  /// Rows of all passes.
  public private(set) var rows = 0
  public private(set) var passes = 0

  /// - Parameter decoders: as many as texts are made at once, each of this model.
  public init(model: Model, decoders: [any Decoder<Model>], clock: PassClock = .system) {
    self.model = model
    self.clock = clock
    places = decoders.map { Place(decoder: $0) }
  }

  /// The decoders, with what they have learnt.
  public var decoders: [any Decoder<Model>] { places.map(\.decoder) }

  /// Makes the texts of some prompts, in their order as there is room.
  /// - Parameter onEvent: called with the index of a prompt and what happened to its text; its result can
  ///   end all.
  /// - Throws: what `onEvent` and the model throw; what is wrong with one prompt is an event.
  public mutating func generate(
    _ prompts: [[TokenID]], stop: StopRules,
    onEvent: (_ index: Int, Event) throws -> Continuation
  ) throws {
    try stop.check()
    var waiting = Array(prompts.enumerated())[...]
    var first = 0
    while true {
      for place in places.indices {
        while places[place].text == nil, let (index, prompt) = waiting.popFirst() {
          do {
            try places[place].decoder.begin(prompt: prompt)
            places[place].text = (index, TextGrowth(stop: stop))
            places[place].began = clock.now()
          } catch {
            if try onEvent(index, .failed(error)) == .cancel { return }
          }
        }
      }
      let active = places.indices.filter { places[$0].text != nil }
      if active.isEmpty { return }
      // By turns another text plans first, and so has the first choice of rows.
      first += 1
      let order = active.indices.map { active[($0 + first) % active.count] }
      if try !runPass(order, onEvent) { return }
    }
  }

  /// Runs one pass of the texts in these places.
  /// - Returns: whether to go on.
  private mutating func runPass(
    _ order: [Int], _ onEvent: (_ index: Int, Event) throws -> Continuation
  ) throws -> Bool {
    var requests: [PassRequest] = []
    // What each text has accepted a pass so far is what it is expected to.
    let pace = order.map { max(1, places[$0].text?.growth.result.tokensPerPass ?? 1) }
    let total = pace.reduce(0, +)
    for (planned, place) in order.enumerated() {
      // Those that plan later have a row at least.
      let rows = requests.reduce(0) { $0 + $1.tokens.count } + order.count - planned - 1
      places[place].decoder.others = OtherTexts(rows: rows, tokens: total - pace[planned])
      requests.append(try places[place].decoder.plan())
    }
    var caches = order.map { places[$0].decoder.takeCache() }
    let began = clock.now()
    defer { for (place, cache) in zip(order, caches) { places[place].decoder.give(cache) } }
    let logits = try model.forward(requests, caches: &caches)
    let milliseconds = clock.now() - began
    for (place, cache) in zip(order, caches) { places[place].decoder.give(cache) }
    caches = []
    let passRows = requests.reduce(0) { $0 + $1.tokens.count }
    (passes, rows) = (passes + 1, rows + passRows)
    let readsPrompt = order.contains { places[$0].text?.growth.result.tokens.isEmpty == true }
    for (index, place) in order.enumerated() {
      // A pass that reads a prompt says nothing of what a step costs.
      let output = PassOutput(
        logits: logits[index], milliseconds: readsPrompt ? nil : milliseconds,
        otherRows: passRows - requests[index].tokens.count)
      if try !commit(output, at: place, milliseconds, onEvent) { return false }
    }
    return true
  }

  private mutating func commit(
    _ output: PassOutput, at place: Int, _ milliseconds: Double,
    _ onEvent: (_ index: Int, Event) throws -> Continuation
  ) throws -> Bool {
    guard let (index, begun) = places[place].text else { return true }
    var growth = begun
    places[place].text = nil
    let accepted: Accepted
    do {
      accepted = try places[place].decoder.commit(output, stop: growth.stop)
    } catch let error as UnusableLogits {
      let problem = error.problem.at(try model.originOfNonFinite(in: error.text))
      return try onEvent(index, .failed(problem)) == .proceed
    }
    if accepted.tokens.isEmpty {
      places[place].text = (index, growth)
      return true
    }
    if growth.result.tokens.isEmpty {
      growth.result.prefillSeconds = (clock.now() - places[place].began) / 1_000
    } else {
      growth.result.decodeSeconds += milliseconds / 1_000
    }
    let taken = places[place].decoder.take(accepted, into: &growth)
    if try onEvent(index, .accepted(taken)) == .cancel { return false }
    let decoder = places[place].decoder
    if growth.hasEnded(decoder.text.count, contextLimit: decoder.contextLimit) {
      return try onEvent(index, .finished(growth.result)) == .proceed
    }
    places[place].text = (index, growth)
    return true
  }
}

extension Decoder {
  /// The cache alone, so that nothing else refers to its blocks while a pass writes to them.
  fileprivate mutating func takeCache() -> Model.Cache {
    let taken = cache
    cache = model.makeCache()
    return taken
  }

  fileprivate mutating func give(_ cache: Model.Cache) { self.cache = cache }

  fileprivate mutating func take(
    _ accepted: Accepted, into growth: inout TextGrowth
  ) -> Accepted {
    growth.take(accepted, of: &self)
  }
}
