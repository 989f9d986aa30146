import Llama
import Tensor

/// The softmax of logits, with the same bits on every machine.
///
/// Token i has the probability `numerators[i] / total`. The numerators are Floats of the project's
/// own exponential, not the system library's. They are added in Double: within blocks of 256 tokens by
/// id, then block by block.
struct TokenDistribution {
  /// `exp(logit - largest logit)`, `[vocabularySize]`.
  let numerators: [Float]
  let total: Double
  private let blockSums: [Double]
  private let position: Int

  private static let blockSize = 256

  /// - Parameters:
  ///   - logits: neither NaN nor +∞.
  ///   - position: of the token to be chosen, for the error.
  ///   - instructionSet: one that this CPU supports; the fastest by default.
  /// - Throws: `LookaheadError.noTokenLeft` if all are -∞.
  init(_ logits: [Float], position: Int, instructionSet: InstructionSet? = nil) throws {
    self.position = position
    _ = try Matrix(rows: 1, columns: logits.count, elements: logits)
      .largestLogit(row: 0, position: position)
    let numerators = softmaxNumerators(logits, instructionSet: instructionSet)
    blockSums = stride(from: 0, to: numerators.count, by: Self.blockSize).map { start in
      var sum = 0.0
      for token in start..<min(start + Self.blockSize, numerators.count) {
        sum += Double(numerators[token])
      }
      return sum
    }
    self.numerators = numerators
    total = blockSums.reduce(0, +)
  }

  /// The inverse of the cumulative distribution, tokens in the order of their ids: the first with
  /// which the sum of numerators exceeds `uniform · total`. A token of probability 0 is never drawn.
  /// - Parameter uniform: from 0 to below 1.
  func token(at uniform: Double) throws -> TokenID {
    let target = uniform * total
    var sum = 0.0
    for (block, blockSum) in blockSums.enumerated() {
      guard sum + blockSum > target else {
        sum += blockSum
        continue
      }
      // The same order of addition as in `blockSum`, so the sums have the same bits.
      var within = 0.0
      for token in block * Self.blockSize..<numerators.count {
        within += Double(numerators[token])
        if sum + within > target { return token }
      }
    }
    throw LookaheadError.noTokenLeft(position: position)
  }
}
