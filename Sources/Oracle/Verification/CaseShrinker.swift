import Lookahead
import Tensor

/// Makes a failing case smaller until no smaller one is found that fails.
///
/// In turn for everything that makes a case large (`CaseReduction`) it takes the smallest one that
/// still fails, over and over until nothing changes. So what it finds is smallest in the sense that no
/// single step to a smaller case fails; a case that is smaller in two respects at once may exist.
struct CaseShrinker {
  struct Result: Equatable {
    var smallest: VerificationCase
    var difference: RunDifference
    var tried = 0
    /// Whether every single step to a smaller case was tried.
    var isFinished = false
  }

  /// Cases to try at most.
  var limit = 2_000

  /// - Parameters:
  ///   - failing: a case that fails.
  ///   - difference: where it does.
  ///   - fails: runs a case and says where it differs; nil if it does not, or cannot be run. A
  ///     `CancellationError` ends the search.
  func shrink(
    _ failing: VerificationCase, _ difference: RunDifference,
    fails: (VerificationCase, _ tried: Int) throws -> RunDifference?
  ) throws -> Result {
    var result = Result(smallest: failing, difference: difference)
    do {
      var isSmaller = true
      while isSmaller {
        isSmaller = false
        for reduction in CaseReduction.allCases {
          while try reduce(&result, by: reduction, fails: fails) { isSmaller = true }
          if result.tried >= limit { return result }
        }
      }
      result.isFinished = true
    } catch is CancellationError {
      // The smallest so far.
    }
    return result
  }

  /// Takes one step, if one is found.
  private func reduce(
    _ result: inout Result, by reduction: CaseReduction,
    fails: (VerificationCase, Int) throws -> RunDifference?
  ) throws -> Bool {
    let index = result.difference.index
    for smaller in try reduction.smaller(than: result.smallest, differingAt: index) {
      if result.tried >= limit { return false }
      result.tried += 1
      if let difference = try fails(smaller, result.tried) {
        (result.smallest, result.difference) = (smaller, difference)
        return true
      }
    }
    return false
  }
}

/// A way to make a failing case smaller. What is smaller is easier to follow: the fixed schedule is
/// smaller than the automatic one, rows of their own smaller than a tree, plain decoding smaller than
/// lookahead.
enum CaseReduction: CaseIterable {
  // In the order in which they are tried: first what makes every later trial cheaper.
  case tokens, decoder, threads, instructionSet, weights, sampling, schedule, policy, layout, chunk
  case prompt, candidates, window, ngram, endTokens, seed

  /// Smaller cases, the boldest first; each is smaller in this respect and the same in all others.
  /// They are made lazily: all shorter prompts together would be the square of one.
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
      let counts = [index + 1] + Self.below(original.maximumTokens, from: 1)
      return Self.vary(
        original, \.maximumTokens, over: counts.filter { $0 < original.maximumTokens })
    case .endTokens: return Self.vary(original, \.endTokens, over: [[]])
    case .decoder: return Self.vary(original, \.setting.lookahead, over: [nil])
    case .threads:
      return Self.vary(
        original, \.setting.execution.threads,
        over: Self.below(original.setting.execution.threads, from: 1))
    case .instructionSet:
      return Self.vary(original, \.setting.execution.instructionSet, over: [.best])
    case .weights: return Self.vary(original, \.setting.execution.weights, over: [.stored])
    case .sampling:
      let greedy = try SamplingConfiguration(seed: original.sampling.seed)
      return Self.vary(original, \.sampling, over: [greedy])
    case .seed:
      guard original.sampling.isGreedy else { return [] }
      return Self.vary(original, \.sampling, over: [try SamplingConfiguration()])
    case .chunk:
      guard let chunk = original.setting.prefillChunk else { return [] }
      return Self.vary(
        original, \.setting.prefillChunk, over: [nil] + Self.below(chunk, from: 1).map { $0 })
    case .prompt: return []
    case .schedule, .policy, .layout, .candidates, .window, .ngram:
      return smallerSizes(than: original)
    }
  }

  private func smallerSizes(than original: VerificationCase) -> [VerificationCase] {
    guard let sizes = original.setting.lookahead else { return [] }
    let smaller: [RunSetting.Sizes] =
      switch self {
      case .schedule: Self.vary(sizes, \.schedule, over: [.fixed])
      case .policy: Self.vary(sizes, \.policy, over: [.standard])
      case .layout: Self.vary(sizes, \.candidateLayout, over: [.separate])
      case .candidates:
        Self.vary(
          sizes, \.candidatesPerToken, over: Self.below(sizes.candidatesPerToken, from: 0))
      case .window: Self.vary(sizes, \.windowSize, over: Self.below(sizes.windowSize, from: 0))
      case .ngram: Self.vary(sizes, \.ngramSize, over: Self.below(sizes.ngramSize, from: 2))
      default: []
      }
    return smaller.map { sizes in
      var smaller = original
      smaller.setting.lookahead = sizes
      return smaller
    }
  }

  /// Copies with other values of one property.
  private static func vary<Whole, Value: Equatable>(
    _ original: Whole, _ property: WritableKeyPath<Whole, Value>, over values: [Value]
  ) -> [Whole] {
    values.filter { $0 != original[keyPath: property] }.map { value in
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
