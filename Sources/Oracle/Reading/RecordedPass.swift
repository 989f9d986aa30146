import Files
import Llama

/// What was recorded of one forward pass beside its tensors. Everything is optional: an array alone
/// tells nothing of the tokens behind it.
public struct RecordedPass: Sendable {
  /// A row of the pass.
  public struct Row: Equatable, Sendable {
    public var token: TokenID?
    public var position: Int?
    /// The keys that the row attends to.
    public var visible: Keys?
  }

  /// Keys that a row attends to.
  public struct Keys: Equatable, Sendable {
    /// Cached keys, as ranges inside `0 ..< cachedCount`.
    public var cached: [Range<Int>]
    /// Rows of the pass, ascending.
    public var rows: [Int]
  }

  public struct Answer: Equatable, Sendable {
    public var row: Int
    public var token: TokenID
  }

  /// The number of the pass, from 0.
  public var index: Int
  public var kind: String?
  /// Tokens in the cache before it.
  public var cachedCount: Int?
  public var rows: [Row]?
  /// The row of each row of the logits.
  public var logitRows: [Int]?
  /// The tokens of the n-grams up for verification, in order.
  public var candidates: [[TokenID]]?
  /// The answers to the window's top level.
  public var frontier: [Answer]?
  /// The tokens that the pass settled.
  public var selected: [Answer]?
  /// The rows that stay in the cache, in order.
  public var acceptedRows: [Int]?
  /// The window after the pass, level by level.
  public var window: [[TokenID]]?
  /// The tensors, or the file that has them.
  var content: Content

  /// Where the tensors of a pass are.
  enum Content: Sendable {
    /// In a safetensors file of their own.
    case file(path: String)
    /// In files that are open already.
    case tensors([RecordedTensor])
  }
}

extension RecordedPass {
  /// The row of the pass that each row of a tensor belongs to; nothing where that is not known.
  func rows(of tensor: RecordedTensor) -> [Int]? {
    if tensor.kind == .logits, let logitRows, logitRows.count == tensor.rowCount {
      return logitRows
    }
    if let rows, rows.count == tensor.rowCount { return Array(rows.indices) }
    return nil
  }

  /// The tensors of the pass.
  /// - Throws: `InputFileError`, `SafetensorsError` or `RecordingError`.
  func tensors() throws -> [RecordedTensor] {
    switch content {
    case .tensors(let tensors): tensors
    case .file(let path): try SafetensorsTensors.read(path)
    }
  }
}
