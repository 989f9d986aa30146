import Llama

/// How Jacobi decoding guesses and keeps a block of tokens.
public struct JacobiConfiguration: Equatable, Sendable {
  /// What becomes of the block when its first tokens are accepted.
  public enum Block: String, CaseIterable, Sendable, Codable {
    /// It goes on with what is left, and a new one begins when nothing is: the authors' code.
    case shrinks
    /// New guesses take the places of those accepted, so a pass always has as many rows.
    case refills
  }

  /// Guesses behind the current token, n.
  public let blockSize: Int
  public let block: Block
  /// Of the first guesses, which are drawn from the text.
  public let seed: UInt64

  /// - Throws: `LookaheadError.invalidBlock` for a block of less than one guess, or of more than 256.
  public init(blockSize: Int = 16, block: Block = .refills, seed: UInt64 = 0) throws {
    if blockSize < 1 || blockSize > Self.largestBlock {
      throw LookaheadError.invalidBlock(found: blockSize, largest: Self.largestBlock)
    }
    self.blockSize = blockSize
    self.block = block
    self.seed = seed
  }

  static let largestBlock = 256
}
