import Llama
import Tensor

/// One golden forward pass; the schema is in Fixtures/README.md.
public struct ForwardGolden {
  /// Token of each row.
  public let tokens: [TokenID]
  /// Position of each row.
  public let positions: [Int]
  /// What each row sees.
  public let mask: AttentionMask
  /// Tokens that are in the cache.
  public let cachedTokens: [TokenID]
  private let file: SafetensorsReader

  /// Reads `Fixtures/golden/<folder>/<name>.safetensors`.
  public init(folder: String, name: String) throws {
    file = try SafetensorsReader(path: FixturePath.path("golden/\(folder)/\(name).safetensors"))
    tokens = try file.integers("tokens")
    positions = try file.integers("positions")
    let keys = try file.tensor("mask").shape[1]
    let visible = try file.tensor("mask").bytes
    let cached = keys - tokens.count
    cachedTokens = cached == 0 ? [] : try file.integers("cached_tokens")
    mask = AttentionMask(
      cachedCount: cached, queries: tokens.count, seesKey: { visible[$0 * keys + $1] == 1 })
  }

  /// A cache that has read the golden's cached tokens.
  public func filledCache<Model: CausalLanguageModel>(_ model: Model) throws -> Model.Cache {
    var cache = model.makeCache()
    let rows = Array(cachedTokens.indices)
    _ = try model.forward(
      tokens: cachedTokens, positions: rows, mask: .causal(cachedCount: 0, queries: rows.count),
      logitRows: [], cache: &cache)
    try cache.keep(newRows: rows)
    return cache
  }

  /// Hidden states after the embedding (0) or after a block.
  public func hidden(_ layer: Int) throws -> Matrix { try matrix("hidden.\(layer)") }

  /// Logits of every row.
  public var logits: Matrix { get throws { try matrix("logits") } }

  /// Logits of every row in Double, from plain formulas in PyTorch.
  public var logits64: [[Double]] { get throws { try file.doubleRows("logits64") } }

  private func matrix(_ name: String) throws -> Matrix {
    let shape = try file.tensor(name).shape
    return Matrix(rows: shape[0], columns: shape[1], elements: try file.floats(name))
  }
}

extension SafetensorsReader {
  /// The elements of an I32 tensor.
  public func integers(_ name: String) throws -> [Int] {
    let bytes = try tensor(name).bytes
    return stride(from: 0, to: bytes.count, by: 4).map { first in
      let bits = (0..<4).reversed().reduce(UInt32(0)) { $0 << 8 | UInt32(bytes[first + $1]) }
      return Int(Int32(bitPattern: bits))
    }
  }
}

/// The largest absolute difference of rows in Double; infinite if their shapes differ.
public func largestDifference(_ a: [[Double]], _ b: [[Double]]) -> Double {
  guard a.map(\.count) == b.map(\.count) else { return .infinity }
  return zip(a.joined(), b.joined()).reduce(0) { largest, pair in
    let difference = abs(pair.0 - pair.1)
    return difference <= largest ? largest : difference
  }
}

/// The largest absolute difference of two matrices; infinite if their shapes differ.
public func largestDifference(_ a: Matrix, _ b: Matrix) -> Float {
  guard a.rows == b.rows, a.columns == b.columns else { return .infinity }
  return zip(a.elements, b.elements).reduce(0) { largest, pair in
    let difference = abs(pair.0 - pair.1)
    return difference <= largest ? largest : difference
  }
}
