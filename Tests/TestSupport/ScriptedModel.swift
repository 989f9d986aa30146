import Llama
import Tensor

/// A model whose prediction is a function of exactly what a row attends to: the (position, token) pairs
/// visible through mask and cache.
///
/// Most predictions depend on the last two visible tokens only, so that texts repeat and candidates are
/// accepted; one in four depends on a hash of every visible pair. So a wrong mask cell, a shifted
/// position, or a stale or missing cache row soon changes the text.
public struct ScriptedModel: CausalLanguageModel {
  /// The rows of one pass.
  public struct Pass: Sendable {
    /// Token of each row.
    public var tokens: [TokenID]
    /// Position of each row.
    public var positions: [Int]
    /// `[rows][cachedCount + rows]`: what each row attends to.
    public var visible: [[Bool]]
    /// The cache, one (position, token) pair for each key.
    public var cached: [Key]

    /// The pairs that a row attends to, by position, then slot.
    public func keys(seenBy row: Int) -> [Key] {
      let all = cached + zip(positions, tokens).map { Key(position: $0, token: $1) }
      return zip(all, visible[row]).filter(\.1).map(\.0).enumerated()
        .sorted { ($0.element.position, $0.offset) < ($1.element.position, $1.offset) }
        .map(\.element)
    }
  }

  /// A cached token and the position it was read at.
  public struct Key: Equatable, Sendable {
    /// Position in the text.
    public let position: Int
    /// Token id.
    public let token: TokenID

    /// A token at a position.
    public init(position: Int, token: TokenID) {
      self.position = position
      self.token = token
    }
  }

  /// The committed pairs, and those of the last pass.
  public struct Cache: TokenCache {
    /// Committed tokens with their positions.
    public fileprivate(set) var kept: [Key] = []
    fileprivate var new: [Key] = []
    fileprivate let tamper: @Sendable ([Int]) -> [Int]

    /// Kept tokens.
    public var count: Int { kept.count }

    /// Commits rows of the last pass, or others if the model is tampered with.
    public mutating func keep(newRows rows: [Int]) throws {
      kept += tamper(rows).map { new[min($0, new.count - 1)] }
      new = []
    }

    /// Forgets all but the first tokens.
    public mutating func truncate(toCount count: Int) {
      new = []
      kept = Array(kept.prefix(count))
    }
  }

  /// Tokens that there are.
  public let vocabularySize: Int
  /// Positions that a row may have.
  public let contextLength: Int
  private let seed: UInt64
  private let tamperPass: @Sendable (inout Pass) -> Void
  private let tamperKeep: @Sendable ([Int]) -> [Int]

  /// A model whose predictions depend on a seed.
  /// - Parameters:
  ///   - tamperPass: changes a pass before it is evaluated, to simulate a wrong mask or position.
  ///   - tamperKeep: changes which rows are committed, to simulate a stale cache.
  public init(
    seed: UInt64, vocabularySize: Int = 11, contextLength: Int = 512,
    tamperPass: @escaping @Sendable (inout Pass) -> Void = { _ in },
    tamperKeep: @escaping @Sendable ([Int]) -> [Int] = { $0 }
  ) {
    self.seed = seed
    self.vocabularySize = vocabularySize
    self.contextLength = contextLength
    self.tamperPass = tamperPass
    self.tamperKeep = tamperKeep
  }

  /// An empty cache.
  public func makeCache() -> Cache { Cache(tamper: tamperKeep) }

  /// Predicts for each row from what it attends to.
  public func forward(
    tokens: [TokenID], positions: [Int], mask: AttentionMask, logitRows: [Int],
    cache: inout Cache
  ) throws -> Matrix {
    for position in positions where position < 0 || position >= contextLength {
      throw LlamaError.positionOutOfRange(position: position, contextLength: contextLength)
    }
    if mask.cachedCount != cache.count {
      throw LlamaError.maskForOtherCache(
        expectedCached: cache.count, foundCached: mask.cachedCount)
    }
    var pass = Pass(
      tokens: tokens, positions: positions,
      visible: tokens.indices.map { row in
        var visible = [Bool](repeating: false, count: cache.count + tokens.count)
        for key in mask.keys(seenBy: row) { visible[key] = true }
        return visible
      }, cached: cache.kept)
    tamperPass(&pass)
    cache.new = zip(pass.positions, pass.tokens).map { Key(position: $0, token: $1) }
    var logits = Matrix(rows: logitRows.count, columns: vocabularySize)
    for (index, row) in logitRows.enumerated() {
      let prediction = prediction(for: pass.keys(seenBy: row))
      for token in 0..<vocabularySize {
        logits[index, token] = token == prediction.token ? 1 : Float(prediction.hash % 997) / 1_000
      }
    }
    return logits
  }

  /// The text that follows `prompt`, made without any decoder, cache or mask.
  public func continuation(of prompt: [TokenID], count: Int) -> [TokenID] {
    var text = prompt
    for _ in 0..<count {
      text.append(prediction(for: text.enumerated().map { Key(position: $0, token: $1) }).token)
    }
    return Array(text.dropFirst(prompt.count))
  }

  private func prediction(for keys: [Key]) -> (token: TokenID, hash: UInt64) {
    let all = hash(keys.flatMap { [$0.position, $0.token] })
    let short = hash(keys.suffix(2).map(\.token))
    let chosen = all % 4 == 0 ? all >> 8 : short
    return (TokenID(chosen % UInt64(vocabularySize)), all)
  }

  /// FNV-1a over whole numbers, from the model's seed on.
  private func hash(_ numbers: [Int]) -> UInt64 {
    var hash = 0xCBF2_9CE4_8422_2325 ^ seed
    for number in numbers {
      hash = (hash ^ UInt64(bitPattern: Int64(number))) &* 0x100_0000_01B3
      hash ^= hash >> 29
    }
    return hash
  }
}
