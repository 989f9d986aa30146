import Lookahead
import Tensor

/// Everything about the decoding of a prompt that must change neither a token nor a bit of the logits;
/// by default the setting that all others are compared with.
public struct RunSetting: Codable, Hashable, Sendable, CustomStringConvertible {
  /// Sizes W, N and G of lookahead decoding, and how it finds candidates; whether they are possible
  /// is checked when they are used.
  public struct Sizes: Codable, Hashable, Sendable {
    public var windowSize: Int
    public var ngramSize: Int
    public var candidatesPerToken: Int
    public var policy = LookaheadConfiguration.Policy.standard
    public var candidateLayout = LookaheadConfiguration.CandidateLayout.separate
    public var schedule = LookaheadConfiguration.Schedule.fixed

    /// As a decoder wants them, with the sources of candidates that the policy has by default.
    /// - Parameter seed: of the first window's draw.
    /// - Throws: `LookaheadError` for sizes that are not possible.
    public func configuration(seed: UInt64) throws -> LookaheadConfiguration {
      try LookaheadConfiguration(
        windowSize: windowSize, ngramSize: ngramSize, candidatesPerToken: candidatesPerToken,
        policy: policy, candidateLayout: candidateLayout, schedule: schedule, seed: seed)
    }
  }

  /// The sizes; none for plain decoding.
  public var lookahead: Sizes?
  /// Tokens of the prompt that one pass reads; none for all of them.
  public var prefillChunk: Int?
  public var execution = ExecutionSetting()

  /// Such as "W 3, N 4, G 5, standard, tree, fixed; chunks of 7; 2 threads, x86-64-v3, stored".
  public var description: String {
    let decoder =
      lookahead.map {
        "W \($0.windowSize), N \($0.ngramSize), G \($0.candidatesPerToken), \($0.policy), "
          + "\($0.candidateLayout), \($0.schedule)"
      } ?? "plain decoding"
    let chunk = prefillChunk.map { "chunks of \($0)" } ?? "prompt in one pass"
    let threads = execution.threads == 1 ? "1 thread" : "\(execution.threads) threads"
    return "\(decoder); \(chunk); \(threads), \(execution.instructionSet.rawValue), "
      + execution.weights.rawValue
  }
}

/// Where and how a model runs, which must not change a bit; by default one thread, the best
/// instructions of this CPU, weights nearly as the file has them.
public struct ExecutionSetting: Codable, Hashable, Sendable {
  public var threads = 1
  public var instructionSet = InstructionSet.best
  public var weights = WeightStorage.stored
}
