import Llama
import Lookahead
import Tensor

/// A way to make a failing case smaller. What is smaller is easier to follow: the fixed schedule is
/// smaller than the automatic one, rows of their own smaller than a tree, plain decoding smaller than
/// lookahead.
enum CaseReduction: CaseIterable {
  // In the order in which they are tried: first what makes every later trial cheaper.
  case tokens, decoder, threads, instructionSet, weights, sampling, schedule, policy, layout, chunk
  case prompt, candidates, window, ngram, endTokens, seed

  /// Smaller cases, the boldest first; each is smaller in this respect and the same in all others.
  /// They are made when they are asked for: all shorter prompts together would be the square of one.
  /// - Parameter index: of the token at which the case is known to differ.
  /// - Throws: `LookaheadError.invalidSampling`, though greedy choice gives no cause for it.
  func smaller(
    than original: VerificationCase, differingAt index: Int
  ) throws -> AnySequence<VerificationCase> {
    if self == .prompt { return AnySequence(Self.shorterPrompts(original)) }
    return AnySequence(try few(smallerThan: original, differingAt: index))
  }

  /// The same for everything but the prompt, of which there are few.
  private func few(
    smallerThan original: VerificationCase, differingAt index: Int
  ) throws -> [VerificationCase] {
    switch self {
    case .tokens:
      let counts = Self.below(original.maximumTokens, from: 1)
      return Self.vary(original, \.maximumTokens, over: [index + 1] + counts) {
        $0 < original.maximumTokens
      }
    case .endTokens:
      return Self.vary(original, \.endTokens, over: [[]]) { _ in !original.endTokens.isEmpty }
    case .decoder:
      return Self.vary(original, \.setting.lookahead, over: [nil]) { _ in
        original.setting.lookahead != nil
      }
    case .threads:
      return Self.vary(
        original, \.setting.execution.threads,
        over: Self.below(original.setting.execution.threads, from: 1))
    case .instructionSet:
      return Self.vary(original, \.setting.execution.instructionSet, over: [.best]) {
        $0 != original.setting.execution.instructionSet
      }
    case .weights:
      return Self.vary(original, \.setting.execution.weights, over: [.stored]) {
        $0 != original.setting.execution.weights
      }
    case .sampling:
      let greedy = try SamplingConfiguration(seed: original.sampling.seed)
      return Self.vary(original, \.sampling, over: [greedy]) { $0 != original.sampling }
    case .seed:
      let unseeded = try SamplingConfiguration()
      return Self.vary(original, \.sampling, over: [unseeded]) {
        original.sampling.isGreedy && $0 != original.sampling
      }
    case .chunk:
      guard let chunk = original.setting.prefillChunk else { return [] }
      return Self.vary(
        original, \.setting.prefillChunk, over: [nil] + Self.below(chunk, from: 1).map { $0 })
    case .prompt: return []
    case .schedule, .policy, .layout, .candidates, .window, .ngram:
      return smallerSizes(than: original)
    }
  }

  /// Cases with other sizes.
  private func smallerSizes(than original: VerificationCase) -> [VerificationCase] {
    guard let sizes = original.setting.lookahead else { return [] }
    let smaller: [RunSetting.Sizes] =
      switch self {
      case .schedule where sizes.schedule == .automatic:
        Self.vary(sizes, \.schedule, over: [.fixed])
      case .policy where sizes.policy != .standard: Self.vary(sizes, \.policy, over: [.standard])
      case .layout where sizes.candidateLayout == .tree:
        Self.vary(sizes, \.candidateLayout, over: [.separate])
      case .candidates:
        Self.vary(
          sizes, \.candidatesPerToken, over: Self.below(sizes.candidatesPerToken, from: 0))
      case .window:
        Self.vary(sizes, \.windowSize, over: Self.below(sizes.windowSize, from: 0))
      case .ngram:
        Self.vary(sizes, \.ngramSize, over: Self.below(sizes.ngramSize, from: 2))
      default: []
      }
    return smaller.map { sizes in
      var smaller = original
      smaller.setting.lookahead = sizes
      return smaller
    }
  }

  /// Copies with other values of one property.
  private static func vary<Whole, Value>(
    _ original: Whole, _ property: WritableKeyPath<Whole, Value>, over values: [Value],
    where isSmaller: (Value) -> Bool = { _ in true }
  ) -> [Whole] {
    values.filter(isSmaller).map { value in
      var smaller = original
      smaller[keyPath: property] = value
      return smaller
    }
  }

  /// All numbers from `least` up to below `count`; of many those near both ends and in steps that
  /// double.
  private static func below(_ count: Int, from least: Int) -> [Int] {
    guard count > least else { return [] }
    let all = least..<count
    if all.count <= 16 { return Array(all) }
    var numbers = [least]
    var step = 1
    while least + step < count {
      numbers.append(least + step)
      step *= 2
    }
    return numbers + [count - 1]
  }

  /// Prompts without one of their parts: halves first, single tokens last; none is empty.
  private static func shorterPrompts(
    _ original: VerificationCase
  ) -> some Sequence<VerificationCase> {
    let count = original.prompt.count
    let sizes = sequence(first: count - 1) { $0 / 2 }.prefix { $0 > 0 }
    return sizes.lazy.flatMap { size in
      stride(from: 0, to: count, by: size).lazy.map { start in
        var smaller = original
        smaller.prompt.removeSubrange(start..<min(start + size, count))
        return smaller
      }
    }
  }
}
